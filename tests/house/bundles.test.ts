import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { SIZE_BUDGETS } from "../../bench/budgets.ts";
import { ensureBuilt } from "../../tools/build.ts";
import { BROWSERS, cliScripts, extensionFolder, scriptsOfPage } from "./built.ts";

const present = (text: string, strings: readonly string[]): string[] =>
  strings.filter((one) => text.includes(one));
const contentScript = async (browser: (typeof BROWSERS)[number]): Promise<string> =>
  readFileSync(join(await extensionFolder(browser), "content-scripts/portal.js"), "utf8");

describe.each(BROWSERS)("the extension built for %s", (browser) => {
  it("puts a small script into portal pages", async () => {
    expect(Buffer.byteLength(await contentScript(browser))).toBeLessThanOrEqual(SIZE_BUDGETS.contentScript);
  });

  it("[EX2] gives that script no word of the token, its cookies, or the broker", async () => {
    const text = await contentScript(browser);
    const forbidden = [
      "x-amz-sso_bearer_token",
      "x-amz-sso-bearer-token",
      "x-amz-sso_authn",
      "idc-access-portal-authn",
      "/v1/",
      "JC-Proof",
      "SecretAccessKey",
      "secretAccessKey",
      "sessionToken",
    ];
    expect(text).toContain("portal");
    expect(present(text, forbidden)).toEqual([]);
  });

  it("opens its popup on little script", async () => {
    const folder = await extensionFolder(browser);
    const scripts = scriptsOfPage(folder, "popup.html");
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.reduce((sum, path) => sum + readFileSync(join(folder, path)).length, 0);
    expect(bytes, scripts.join(", ")).toBeLessThanOrEqual(SIZE_BUDGETS.popup);
  });

  it("[EX1] keeps the cookie store out of everything but its background", async () => {
    const folder = await extensionFolder(browser);
    const pages = ["popup.html", "options.html"].flatMap((page) => scriptsOfPage(folder, page));
    const texts = pages.map((path) => readFileSync(join(folder, path), "utf8")).join("\n");
    expect(present(texts, ["x-amz-sso_authn", "idc-access-portal-authn", "x-amz-sso_bearer_token"])).toEqual(
      [],
    );
  });

  it("loads and makes no code at run time, and carries no source map", async () => {
    const folder = await extensionFolder(browser);
    const scripts = globSync("**/*.js", { cwd: folder });
    expect(globSync("**/*.map", { cwd: folder })).toEqual([]);
    const odd = scripts.filter((path) =>
      /\beval\(|\bnew Function\(|importScripts\(["']http/.test(readFileSync(join(folder, path), "utf8")),
    );
    expect(odd).toEqual([]);
  });
});

describe("the Worker's bundle", () => {
  it("is small enough to start at once", async () => {
    const { path } = await ensureBuilt("worker");
    expect(gzipSync(readFileSync(path)).length).toBeLessThanOrEqual(SIZE_BUDGETS.workerGzip);
  });

  it("needs nothing of Node", async () => {
    const { path } = await ensureBuilt("worker");
    expect(
      present(readFileSync(path, "utf8"), ["node:fs", "node:http", "node:child_process", "require("]),
    ).toEqual([]);
  });
});

describe("the command line's bundle", () => {
  it("is quick to load, and small as a whole", async () => {
    const [start, ...parts] = cliScripts((await ensureBuilt("cli")).path);
    expect(start!.length).toBeLessThanOrEqual(SIZE_BUDGETS.cliWarmPath);
    const all = parts.reduce((sum, { length }) => sum + length, start!.length);
    expect(all).toBeLessThanOrEqual(SIZE_BUDGETS.cliBundle);
  });

  it("holds nothing of a browser or of the broker's side", async () => {
    const texts = cliScripts((await ensureBuilt("cli")).path).join("\n");
    expect(
      present(texts, ["chrome.", "browser.runtime", "cloudflare:", "DurableObject", "x-amz-sso_authn"]),
    ).toEqual([]);
  });
});
