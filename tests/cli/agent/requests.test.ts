import { describe, expect, it } from "vitest";
import { readHttp, readRequest, readShares } from "../../../cli/src/agent/requests.ts";

const get = (target: string, ...headers: string[]): string =>
  [`GET ${target} HTTP/1.1`, ...headers].join("\r\n");
const HOST = "Host: jcfetch";

describe("a request over HTTP", () => {
  it("[AG11] names account and role in its path", () => {
    const container = { as: "container", account: "111122223333", role: "PowerUser" };
    expect(readHttp(get("/container/111122223333/PowerUser", "host: LOCALHOST"))).toEqual(container);
    expect(readHttp(get("/credentials/111122223333/a%2Bb", HOST))).toMatchObject({ role: "a+b" });
  });

  it.each([
    [400, "nonsense"],
    [400, get("/container/111122223333/PowerUser", HOST, "a broken header")],
    [403, get("/container/111122223333/PowerUser")],
    [403, get("/container/111122223333/PowerUser", "Host: attacker.example")],
    [403, get("/container/111122223333/PowerUser", "Host: jcfetch:80")],
    [403, get("/container/111122223333/PowerUser", HOST, "Host: attacker.example")],
    [403, get("/container/111122223333/PowerUser", HOST, "origin: http://localhost")],
    [405, get("/container/111122223333/PowerUser", HOST).replace("GET", "POST")],
    [404, get("/container/111122223333/PowerUser?x", HOST)],
    [404, get("/container/1/PowerUser", HOST)],
    [404, get("/container/111122223333/%zz", HOST)],
    [404, get("/", HOST)],
  ])("[AG11] is answered with %d: %j", (status, head) => {
    expect(readHttp(head)).toBe(status);
  });
});

describe("a request in a line", () => {
  const good = {
    v: 1,
    op: "credentials",
    source: { kind: "brokered" },
    account: "111122223333",
    role: "PowerUser",
    caller: { interactive: false },
  };

  it("[AG11] is read when it is one", () => {
    expect(readRequest(JSON.stringify(good))).toEqual(good);
    expect(readRequest('{"v":1,"op":"status"}')).toEqual({ v: 1, op: "status" });
  });

  it.each([
    { v: 2 },
    { op: "dump" },
    { account: "1" },
    { role: "../x" },
    { source: { kind: "x" } },
    { more: 1 },
  ])("[AG11] with %j is none", (wrong) => {
    expect(readRequest(JSON.stringify({ ...good, ...wrong }))).toBeUndefined();
  });

  it.each(["", "{", "[]", "null"])("[AG11] %j is none", (line) => {
    expect(readRequest(line)).toBeUndefined();
  });

  it.each(["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"])(
    "[AG11] [AG19] is none where it has a field that every object inherits: %s",
    (name) => {
      const more = `"${name}":{"v":1}`;
      const { caller } = good;
      expect(readRequest(`{${more},"v":1,"op":"status"}`)).toBeUndefined();
      const inside = JSON.stringify({ ...good, caller: 0 }).replace(
        '"caller":0',
        `"caller":{${more},${JSON.stringify(caller).slice(1)}`,
      );
      expect(JSON.parse(inside)).toMatchObject({ op: "credentials" });
      expect(readRequest(inside)).toBeUndefined();
      expect(readShares(`[{${more},"path":"/x","untilMs":1,"roles":[]}]`)).toEqual([]);
    },
  );
});
