import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inJurisdiction } from "../../worker/src/jurisdiction.ts";
import { rawRequest } from "../support/raw-http.ts";
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
