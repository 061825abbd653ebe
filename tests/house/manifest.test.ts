import { describe, expect, it } from "vitest";
import { BROWSERS, manifestOf } from "./built.ts";
import { read } from "./tree.ts";

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

describe.each(BROWSERS)("the manifest for %s", (browser) => {
  it("is the one that was looked at", async () => {
    const manifest = await manifestOf(browser);
    await expect(`${JSON.stringify(manifest, null, 2)}\n`).toMatchFileSnapshot(`manifests/${browser}.json`);
  });

  it("asks for no permission without a reason in SECURITY.md", async () => {
    const manifest = await manifestOf(browser);
    const asked = [...strings(manifest.permissions), ...strings(manifest.optional_permissions)];
    const reasons = [...read("SECURITY.md").matchAll(/^\| `([\w.]+)` \|/gm)].map(
      (match) => match[1] as string,
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((permission) => !reasons.includes(permission))).toEqual([]);
  });

  it("reaches nothing until the user says so, and by name AWS, JumpCloud and a broker on this machine", async () => {
    const manifest = await manifestOf(browser);
    expect([...strings(manifest.host_permissions), ...strings(manifest.content_scripts)]).toEqual([]);
    const hosts = strings(manifest.optional_host_permissions).filter((host) => host !== "https://*/*");
    const known =
      /^https:\/\/(?:[\w*.-]+\.)?(?:awsapps\.(?:com|cn)|amazonaws\.(?:com|com\.cn|eu)|app\.aws|(?:app|api)\.amazonwebservices\.(?:com\.cn|eu)|jumpcloud\.com)\/|^http:\/\/127\.0\.0\.1\//;
    expect(hosts.length).toBeGreaterThan(0);
    expect(hosts.filter((host) => !known.test(host))).toEqual([]);
    expect(hosts.filter((host) => host.includes("*.amazonaws.com/"))).toEqual([]);
  });

  it("lets no page reach its files or speak to it, and runs only its own code", async () => {
    const manifest = await manifestOf(browser);
    expect(manifest.manifest_version).toBe(3);
    expect(manifest.externally_connectable).toBeUndefined();
    expect(manifest.web_accessible_resources ?? []).toEqual([]);
    const policy =
      (manifest.content_security_policy as Record<string, string | undefined>).extension_pages ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-|https?:\/\/\*|data:.*script/);
  });
});
