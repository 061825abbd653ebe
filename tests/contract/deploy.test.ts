import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import { WIRE_ERRORS } from "@jcfetch/shared/protocol/errors";
import { SOCKET_PATH } from "@jcfetch/shared/protocol/relay";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { SIZE_BUDGETS } from "../../bench/budgets.ts";
import { ensureBuilt } from "../../tools/build.ts";
import { ROOT } from "../../tools/lib/process.ts";
import { inJurisdiction } from "../../worker/src/jurisdiction.ts";
import { COMPATIBILITY_DATE } from "../../worker/src/local/serve.ts";
import { type RawHttp, rawRequest } from "../support/raw-http.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

/** The bundle that is uploaded, in workerd, with the settings of a broker on the internet. */
const HOST = "broker.acme.example";
let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ settings: { LOCAL: "", ALLOWED_HOSTS: HOST } });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const ask = (host: string, path = "/v1/health") => rawRequest(world.broker.url, path, { headers: { host } });

describe("a deployed broker", () => {
  it("[HT4] answers under its own name and under no loopback name", async () => {
    expect((await ask(HOST)).status).toBe(200);
    for (const host of ["127.0.0.1", "localhost:8787", "[::1]", `evil.${HOST}`]) {
      expect((await ask(host)).code, host).toBe("host");
    }
  });

  it("[HT12] wants to be reached encrypted only, and says so in successes and refusals", async () => {
    for (const path of ["/v1/health", "/v1/keys", "/v1/enrol", "/other"]) {
      const { headers } = await ask(HOST, path);
      expect(headers.get("strict-transport-security"), path).toBe("max-age=63072000");
    }
    expect((await ask("elsewhere.example")).headers.get("strict-transport-security")).toBe(
      "max-age=63072000",
    );
  });

  it("[HT12] asks for nothing of the kind on one's own host, which has no certificate", async () => {
    await using local = await startWorld();
    const { headers } = await rawRequest(local.broker.url, "/v1/health");
    expect(headers.get("strict-transport-security")).toBeNull();
  });
});

describe("what is deployed", () => {
  const settings = unstable_readConfig({ config: join(ROOT, "wrangler.toml") });
  const migrations: readonly { readonly new_sqlite_classes?: string[] }[] = settings.migrations;
  const bindings: readonly { readonly class_name: string }[] = settings.durable_objects.bindings;
  const bundle = async (): Promise<string> => readFile((await ensureBuilt("worker")).path, "utf8");

  it("is small, needs nothing of Node and makes no code at run time", async () => {
    const text = await bundle();
    expect(gzipSync(text).length).toBeLessThanOrEqual(SIZE_BUDGETS.workerGzip);
    expect(text).not.toMatch(/\beval\(|new Function\(|\brequire\(|from ?"node:/);
    expect(settings.compatibility_flags).toEqual([]);
    expect(settings.compatibility_date).toBe(COMPATIBILITY_DATE);
  });

  it("is reached under its own name alone, and has little time for each request", () => {
    expect([settings.workers_dev, settings.preview_urls, settings.routes]).toEqual([false, false, undefined]);
    expect(settings.vars).toEqual({ ALLOWED_HOSTS: "" });
    expect(settings.limits?.cpu_ms).toBe(50);
  });

  it("[HT10] logs its own lines and lets the platform log no request, header or address", () => {
    const { enabled, logs, traces } = settings.observability!;
    expect([enabled, logs, traces]).toEqual([
      true,
      { enabled: true, invocation_logs: false },
      { enabled: false },
    ]);
    expect([settings.logpush, settings.tail_consumers]).toEqual([undefined, undefined]);
  });

  it("brings its objects forward by steps that are never changed, only added to", async () => {
    const steps = migrations.map((step) => JSON.stringify(step));
    await expect(`${steps.join("\n")}\n`).toMatchFileSnapshot("deploy-migrations.txt");
    const kinds = bindings.map(({ class_name }) => class_name);
    expect(migrations.flatMap(({ new_sqlite_classes }) => new_sqlite_classes ?? []).sort()).toEqual(
      kinds.sort(),
    );
  });
});

describe("the log of a deployed broker", () => {
  const Line = v.strictObject({
    path: v.picklist([...Object.values(ENDPOINTS).map(({ path }) => path), SOCKET_PATH, "other"]),
    status: v.pipe(v.number(), v.minValue(200), v.maxValue(599)),
    code: v.picklist(["ok", ...Object.keys(WIRE_ERRORS)]),
    ms: v.pipe(v.number(), v.minValue(0)),
    trace: v.pipe(v.string(), v.regex(/^[\w-]{12}$/)),
  });

  it("[HT10] holds one line of the allow-listed fields for each request, whatever is sent", async () => {
    const canary = "canary-5d1e";
    const sent: [string, RawHttp][] = [
      ["/v1/health", {}],
      [`/v1/${canary}?${canary}=1`, {}],
      ["/v1/devices", { headers: { "jc-proof": canary, "jc-user": canary, cookie: canary } }],
      [SOCKET_PATH, { headers: { "sec-websocket-protocol": `jc1, hello.${canary}` } }],
      ["/v1/enrol", { body: `{"${canary}":"${canary}"}` }],
      ["/v1/credentials", { body: `{"${canary}` }],
      ["/v1/health", { method: "DELETE", headers: { "user-agent": canary } }],
      ["/v1/health", { headers: { origin: `https://${canary}.example` } }],
    ];
    const before = world.broker.log().split("\n").length;
    let last: unknown;
    for (const [path, request] of sent) {
      const headers = { host: HOST, ...request.headers };
      last = (await rawRequest(world.broker.url, path, { ...request, headers })).json.trace;
    }
    await world.broker.logged(String(last));
    const lines = world.broker
      .log()
      .split("\n")
      .slice(before - 1, -1);
    expect(lines.length).toBe(sent.length);
    for (const line of lines) expect(v.safeParse(Line, JSON.parse(line)).success, line).toBe(true);
    expect(world.broker.log()).not.toContain(canary);
  });
});

describe("the jurisdiction", () => {
  const namespace = (name: string) => ({ jurisdiction: (of: string) => `${name} in ${of}` });
  const all = { VAULT: namespace("vault"), MAILBOX: namespace("mailbox") };

  it("is asked of the platform for every kind of object", () => {
    expect(inJurisdiction("eu", all)).toEqual({ VAULT: "vault in eu", MAILBOX: "mailbox in eu" });
    expect(inJurisdiction(null, all)).toBe(all);
  });

  it("reaches the platform: workerd, which has none, serves nothing rather than objects elsewhere", async () => {
    await using eu = await startWorld({ settings: { JURISDICTION: "eu" } });
    const answer = await rawRequest(eu.broker.url, "/v1/health");
    expect([answer.status, answer.code]).toEqual([500, "internal"]);
    expect(await eu.broker.logged(answer.json.trace as string)).not.toContain("wrongSettings");
  });

  it.each(["EU", "us", "eu,fedramp"])(
    "is not %s: the broker says so in its log and serves nothing",
    async (text) => {
      await using wrong = await startWorld({ settings: { JURISDICTION: text } });
      expect((await rawRequest(wrong.broker.url, "/v1/health")).status).toBe(500);
      expect(await wrong.broker.logged("wrongSettings")).toContain('["JURISDICTION"]');
    },
  );
});
