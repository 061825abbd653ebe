import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM } from "../support/browser.ts";
import { openFirefox } from "../support/firefox.ts";
import { runVectors, type Vectors } from "../vectors/run.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const workerd = here("../../node_modules/.bin/workerd");

let folder: string;
let vectors: Vectors;
let inNode: Awaited<ReturnType<typeof runVectors>>;

/** One module for every runtime that is not Node: the same run.ts with the same vectors inside. */
async function bundle(entry: string): Promise<string> {
  const contents = `
    import { runVectors } from ${JSON.stringify(here("../vectors/run.ts"))};
    import vectors from ${JSON.stringify(here("../vectors/jc1.json"))};
    ${entry}`;
  const result = await build({
    stdin: { contents, resolveDir: here(".") },
    bundle: true,
    write: false,
    format: "esm",
    external: ["crypto"],
    logLevel: "error",
  });
  return result.outputFiles[0]!.text;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jcfetch-vectors-"));
  vectors = JSON.parse(await readFile(here("../vectors/jc1.json"), "utf8")) as Vectors;
  inNode = await runVectors(vectors);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the vectors of jc1", () => {
  it("[DC1] [DC2] [DC4] hold in Node", () => {
    expect(inNode.failures).toEqual([]);
    expect(inNode.checks).toBeGreaterThan(100);
  });

  it("[DC1] [DC2] [DC4] fail when one vector is damaged", async () => {
    const [first, ...rest] = vectors.seals;
    const { failures } = await runVectors({
      ...vectors,
      seals: [{ ...first!, plaintext: "another" }, ...rest],
    });
    expect(failures).toEqual([`seal ${first!.purpose}`]);
  });

  it("[DC1] [DC2] [DC4] hold in workerd", async () => {
    await writeFile(
      join(folder, "worker.js"),
      await bundle("export default { fetch: async () => Response.json(await runVectors(vectors)) };"),
    );
    await writeFile(
      join(folder, "config.capnp"),
      `using Workerd = import "/workerd/workerd.capnp";
       const config :Workerd.Config = (
         services = [(name = "main", worker = (modules = [(name = "worker.js", esModule = embed "worker.js")], compatibilityDate = "2026-11-01"))],
         sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]);`,
    );
    const child = spawn(workerd, ["serve", "--control-fd=3", join(folder, "config.capnp")], {
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    try {
      const port = await new Promise<number>((resolve, reject) => {
        child.once("exit", () => reject(new Error("workerd ended before it listened")));
        child.stdio[3]!.on("data", (chunk: Buffer) => {
          const message = JSON.parse(chunk.toString()) as { event: string; port: number };
          if (message.event === "listen") resolve(message.port);
        });
      });
      const answer = await fetch(`http://127.0.0.1:${port}/`);
      expect(await answer.json()).toEqual(inNode);
    } finally {
      child.kill();
    }
  });

  it("[DC1] [DC2] [DC4] hold in Chromium", async () => {
    await using page = await servedPage();
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    try {
      const tab = await browser.newPage();
      await tab.goto(page.url);
      await tab.waitForFunction("globalThis.result");
      expect(await tab.evaluate("globalThis.result")).toEqual(inNode);
    } finally {
      await browser.close();
    }
  });

  it("[DC1] [DC2] [DC4] hold in Firefox", async () => {
    await using page = await servedPage();
    await using firefox = await openFirefox();
    const { page: tab } = await firefox.newScreen();
    await tab.goto(page.url);
    await tab.waitForFunction("globalThis.result");
    expect(await tab.evaluate("globalThis.result")).toEqual(inNode);
  });
});

/** A page on loopback that runs the vectors. */
async function servedPage(): Promise<{ url: string } & AsyncDisposable> {
  const script = await bundle("globalThis.result = runVectors(vectors);");
  const server = createServer((request, response) => {
    const isScript = request.url === "/vectors.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : "<!doctype html><script type=module src=/vectors.js></script>");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
