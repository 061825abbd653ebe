import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { CHROMIUM } from "../support/browser.ts";
import { openFirefox } from "../support/firefox.ts";
import { runVectors, type Vectors } from "./run.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const WORKERD = here("../../node_modules/.bin/workerd");

export type Outcome = Awaited<ReturnType<typeof runVectors>>;

export const readVectors = async (): Promise<Vectors> =>
  JSON.parse(await readFile(here("./jc1.json"), "utf8")) as Vectors;

/** Each runs all vectors in a real runtime of its kind. */
export const RUNTIMES: Readonly<Record<string, () => Promise<Outcome>>> = {
  Node: async () => runVectors(await readVectors()),
  workerd: inWorkerd,
  Chromium: inChromium,
  Firefox: inFirefox,
};

/** One module for every runtime that is not Node: the same run.ts with the same vectors inside. */
async function bundle(entry: string): Promise<string> {
  const contents = `
    import { runVectors } from ${JSON.stringify(here("./run.ts"))};
    import vectors from ${JSON.stringify(here("./jc1.json"))};
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

const WORKERD_CONFIG = `using Workerd = import "/workerd/workerd.capnp";
  const config :Workerd.Config = (
    services = [(name = "main", worker = (modules = [(name = "worker.js", esModule = embed "worker.js")], compatibilityDate = "2026-11-01"))],
    sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]);`;

async function inWorkerd(): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "jcfetch-vectors-"));
  const worker = await bundle(
    "export default { fetch: async () => Response.json(await runVectors(vectors)) };",
  );
  await writeFile(join(folder, "worker.js"), worker);
  await writeFile(join(folder, "config.capnp"), WORKERD_CONFIG);
  const child = spawn(WORKERD, ["serve", "--control-fd=3", join(folder, "config.capnp")], {
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
    return (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Outcome;
  } finally {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

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

async function inChromium(): Promise<Outcome> {
  await using page = await servedPage();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const tab = await browser.newPage();
    await tab.goto(page.url);
    await tab.waitForFunction("globalThis.result");
    return await tab.evaluate<Outcome>("globalThis.result");
  } finally {
    await browser.close();
  }
}

async function inFirefox(): Promise<Outcome> {
  await using page = await servedPage();
  await using firefox = await openFirefox();
  const { page: tab } = await firefox.newScreen();
  await tab.goto(page.url);
  await tab.waitForFunction("globalThis.result");
  return (await tab.evaluate("globalThis.result")) as Outcome;
}
