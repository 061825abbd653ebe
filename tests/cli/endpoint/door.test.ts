import { Secret } from "@jcfetch/shared/secret";
import { describe, expect, it } from "vitest";
import { type Asked, admit } from "../../../cli/src/endpoint/door.ts";

const ROLES = [
  { path: "/credentials/111122223333/Dev", token: new Secret("token-of-dev"), name: "dev" },
  { path: "/credentials/111122223333/Prod", token: new Secret("token-of-prod"), name: "prod" },
];
const GOOD: Asked = {
  method: "GET",
  path: ROLES[0]!.path,
  headers: { host: "127.0.0.1:4000", authorization: "token-of-dev" },
};
const ask = (change: Partial<Asked>, headers: Partial<Asked["headers"]> = {}): string | number => {
  const admitted = admit({ ...GOOD, ...change, headers: { ...GOOD.headers, ...headers } }, ROLES);
  return admitted.ok ? admitted.value.name : admitted.error.status;
};

describe("the door of the endpoint", () => {
  it.each(["127.0.0.1:4000", "127.0.0.1", "localhost:9911", "[::1]:1"])("[US6] opens for %s", (host) => {
    expect(ask({}, { host })).toBe("dev");
  });

  it.each([
    undefined,
    "",
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:4000",
    "127.0.0.1@evil.example",
    "127.0.0.2",
    "0.0.0.0:4000",
    "LOCALHOST",
    "localhost:4000, evil.example",
  ])("[US6] stays shut for a host called %s", (host) => {
    expect(ask({}, { host } as Partial<Asked["headers"]>)).toBe(421);
  });

  it.each(["null", "", "https://evil.example", "http://127.0.0.1:4000"])(
    "[US6] stays shut for a page of %j",
    (origin) => {
      expect(ask({}, { origin })).toBe(403);
    },
  );

  it.each(["POST", "OPTIONS", "HEAD", "PUT", "CONNECT", "get"])("[US6] takes no %s", (method) => {
    expect(ask({ method })).toBe(405);
  });

  it.each([
    "/",
    "",
    "/credentials/111122223333/Dev/",
    "/credentials/111122223333/dev",
    "/credentials/111122223333/Dev?x",
  ])("[US6] serves no role under %j", (path) => {
    expect(ask({ path })).toBe(404);
  });

  it.each([
    undefined,
    "",
    "token-of-prod",
    "Bearer token-of-dev",
    "token-of-de",
    "token-of-dev ",
    "[secret]",
  ])("[US6] takes no token but the role's own, such as %j", (authorization) => {
    expect(ask({}, { authorization } as Partial<Asked["headers"]>)).toBe(401);
  });

  it("[US6] tells roles apart by path and token", () => {
    expect(ask({ path: ROLES[1]!.path }, { authorization: "token-of-prod" })).toBe("prod");
    expect(ask({ path: ROLES[1]!.path })).toBe(401);
  });
});
