import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Callback, openCallback } from "../../../cli/src/sign-in/callback.ts";
import { asStranger } from "../../support/stranger.ts";

const STATE = "s".repeat(43);
let callback: Callback;
let port: number;

beforeEach(async () => {
  callback = await openCallback(STATE, { uid: process.getuid!() });
  port = Number(new URL(callback.redirectUri).port);
});
afterEach(() => callback.close());

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly host?: string;
}

/** A request as nobody's library would tidy it up. */
function send({
  path = `/oauth/callback?code=c&state=${STATE}`,
  method = "GET",
  host,
}: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host: host ?? `127.0.0.1:${port}`, connection: "close" };
    const asked = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    asked.once("error", reject);
    asked.end();
  });
}

const good = (code = "the-code") => send({ path: `/oauth/callback?code=${code}&state=${STATE}` });

const HOSTILE: readonly [string, Sent][] = [
  ["a wrong state", { path: `/oauth/callback?code=c&state=${"t".repeat(43)}` }],
  ["a state of another length", { path: "/oauth/callback?code=c&state=s" }],
  ["no state", { path: "/oauth/callback?code=c" }],
  ["two states", { path: `/oauth/callback?code=c&state=${STATE}&state=${STATE}` }],
  ["two codes", { path: `/oauth/callback?code=c&code=d&state=${STATE}` }],
  ["an empty code", { path: `/oauth/callback?code=&state=${STATE}` }],
  ["a code and an error", { path: `/oauth/callback?code=c&error=x&state=${STATE}` }],
  ["an error without the state", { path: "/oauth/callback?error=access_denied" }],
  ["an error with another state", { path: "/oauth/callback?error=access_denied&state=x" }],
  ["another path", { path: `/callback?code=c&state=${STATE}` }],
  ["the root", { path: `/?code=c&state=${STATE}` }],
  ["a longer path", { path: `/oauth/callback/?code=c&state=${STATE}` }],
  ["a path that only leads there", { path: `/oauth/../oauth/callback?code=c&state=${STATE}` }],
  ["an encoded path", { path: `/oauth%2Fcallback?code=c&state=${STATE}` }],
  ["a whole address", { path: `http://127.0.0.1/oauth/callback?code=c&state=${STATE}` }],
  ["a rebound name", { host: "evil.example" }],
  ["localhost by name", { host: "localhost" }],
  ["another port in the Host", { host: "127.0.0.1:1" }],
  ["a POST", { method: "POST" }],
  ["a HEAD", { method: "HEAD" }],
];

describe("where the browser comes back to", () => {
  it("[DM2] takes the code with the right state, and shows a page that says so", async () => {
    expect(callback.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
    const page = await fetch(`${callback.redirectUri}?code=the-code&state=${STATE}`);
    expect(await page.text()).toContain("You can close this tab");
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const answer = await callback.answer;
    expect(answer.kind === "code" && answer.code.reveal()).toBe("the-code");
  });

  it.each(HOSTILE)("[DM2] answers %s with 404, and still waits", async (_what, sent) => {
    expect(await send(sent)).toBe(404);
    expect(await good()).toBe(200);
    const answer = await callback.answer;
    expect(answer.kind === "code" && answer.code.reveal()).toBe("the-code");
  });

  it("[DM2] takes one answer, and of many at once the first", async () => {
    const statuses = await Promise.all(["a", "b", "c", "d", "e"].map((code) => good(code)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect((await callback.answer).kind).toBe("code");
    expect(await good("later")).toBe(404);
  });

  it("[DM2] takes a refusal that comes with the state", async () => {
    expect(await send({ path: `/oauth/callback?error=access_denied&state=${STATE}` })).toBe(200);
    expect(await callback.answer).toEqual({ kind: "refused" });
  });

  it("[DM2] is not there for another user of this computer, who has read its address", async () => {
    const { owner, fetchStatus } = asStranger();
    const theirs = await openCallback(STATE, { uid: owner });
    try {
      expect(await fetchStatus(`${theirs.redirectUri}?code=another&state=${STATE}`)).toBe(404);
      expect(await fetchStatus(`${theirs.redirectUri}?error=access_denied&state=${STATE}`)).toBe(404);
    } finally {
      theirs.close();
    }
  });

  it("[DM2] listens on no other address of this computer", async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ address, family }) => family === "IPv4" && address !== "127.0.0.1")
      .map(({ address }) => address);
    for (const host of [...others, "127.0.0.2", "::1"]) {
      await expect(reaches(host)).resolves.toBe(false);
    }
    expect(await reaches("127.0.0.1")).toBe(true);
  });
});

const reaches = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => socket.end(() => resolve(true)));
    socket.once("error", () => resolve(false));
  });
