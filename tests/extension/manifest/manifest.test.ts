import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allRegions, portalApiHost } from "@jcfetch/shared/domain/portal";
import { describe, expect, it, vi } from "vitest";
import { ensureBuilt } from "../../../tools/build.ts";

interface Manifest {
  readonly manifest_version: number;
  readonly key?: string;
  readonly permissions: readonly string[];
  readonly host_permissions?: readonly string[];
  readonly optional_host_permissions: readonly string[];
  readonly background: Record<string, unknown>;
  readonly content_scripts?: unknown;
  readonly browser_specific_settings?: {
    readonly gecko: { readonly id: string; readonly data_collection_permissions: unknown };
  };
}

// It may have to be built first.
vi.setConfig({ testTimeout: 60_000 });

async function manifestFor(browser: "chromium" | "firefox"): Promise<Manifest> {
  const { path } = await ensureBuilt(`extension-${browser}`);
  return JSON.parse(readFileSync(join(path, "manifest.json"), "utf8")) as Manifest;
}

describe.each(["chromium", "firefox"] as const)("the extension built for %s", (browser) => {
  it("[PM1] is granted no host at install, and may ask for every portal API by its name", async () => {
    const manifest = await manifestFor(browser);
    expect(manifest.host_permissions ?? []).toEqual([]);
    const apis = allRegions.map((region) => `https://${portalApiHost(region)}/*`);
    expect(manifest.optional_host_permissions.filter((host) => host.includes("portal.sso."))).toEqual(apis);
    expect(manifest.optional_host_permissions).toContain("https://*/*"); // a broker elsewhere
  });

  it("[PM2] puts its script into no page by its manifest", async () => {
    expect((await manifestFor(browser)).content_scripts).toBeUndefined();
  });
});

describe("what differs between the browsers", () => {
  it("is, in Chromium, a fixed id and the document that writes the clipboard", async () => {
    const manifest = await manifestFor("chromium");
    const hash = createHash("sha256").update(Buffer.from(manifest.key!, "base64")).digest();
    const id = hash
      .toString("hex")
      .slice(0, 32)
      .replaceAll(/./g, (digit) => "abcdefghijklmnop"[Number.parseInt(digit, 16)]!);
    expect(id).toBe("nmambjjbdjmmphgjjenoggafiljnfklg");
    expect(manifest.permissions).toEqual([
      "cookies",
      "storage",
      "alarms",
      "notifications",
      "activeTab",
      "scripting",
      "clipboardWrite",
      "offscreen",
      "sidePanel",
    ]);
    expect(manifest.background).toMatchObject({ service_worker: "background.js" });
    expect(manifest.browser_specific_settings).toBeUndefined();
  });

  it("is, in Firefox, a named add-on of the same manifest version that says what it collects", async () => {
    const manifest = await manifestFor("firefox");
    expect(manifest.manifest_version).toBe(3);
    expect(manifest.permissions).toEqual([
      "cookies",
      "storage",
      "alarms",
      "notifications",
      "activeTab",
      "scripting",
      "clipboardWrite",
      "contextualIdentities",
    ]);
    expect(manifest.background).toMatchObject({ scripts: ["background.js"] });
    expect(manifest.key).toBeUndefined();
    expect(manifest.browser_specific_settings?.gecko).toMatchObject({
      id: "jcfetch@jcfetch.dev",
      data_collection_permissions: { required: ["authenticationInfo"] },
    });
  });
});
