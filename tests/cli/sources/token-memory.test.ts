import { Secret } from "@jcfetch/shared/secret";
import { describe, expect, it } from "vitest";
import type { Tokens } from "../../../cli/src/sources/direct-tokens.ts";
import { TokenMemory } from "../../../cli/src/sources/token-memory.ts";

const tokens = (expiresAtMs: number, registrationEndsAtMs?: number): Tokens => ({
  ...{ accessToken: new Secret("a"), expiresAtMs, livesMs: 1_000 },
  ...(registrationEndsAtMs === undefined
    ? {}
    : {
        refresh: {
          token: new Secret("r"),
          registration: { clientId: "c", clientSecret: new Secret("s"), expiresAtMs: registrationEndsAtMs },
        },
      }),
});

describe("tokens in an agent's memory", () => {
  it("[DM5] are dropped when nothing can be done with them any more", () => {
    const memory = new TokenMemory();
    memory.write("short", tokens(1_000), true);
    memory.write("long", tokens(1_000, 5_000), true);
    memory.expire(999);
    expect(["short", "long"].map((id) => memory.read(id) !== undefined)).toEqual([true, true]);
    memory.expire(1_000);
    expect(["short", "long"].map((id) => memory.read(id) !== undefined)).toEqual([false, true]);
    memory.expire(5_000);
    expect(memory.isEmpty).toBe(true);
  });

  it("[AG8] have a mark that is another one with every sign-in, and stays when they are refreshed or over", () => {
    const memory = new TokenMemory();
    expect(memory.markOf("x")).toBeUndefined();
    memory.write("x", tokens(1), true);
    const first = memory.markOf("x");
    memory.write("x", tokens(2), false);
    memory.remove("x");
    expect(memory.markOf("x")).toBe(first);
    memory.write("x", tokens(3), true);
    expect(memory.markOf("x")).not.toBe(first);
    memory.signOut("x");
    expect([memory.read("x"), memory.markOf("x")]).toEqual([undefined, undefined]);
  });

  it("[AG13] are gone when it is locked, and none come in until it is opened, however late", () => {
    const memory = new TokenMemory();
    memory.write("x", tokens(1), true);
    memory.close();
    expect([memory.isEmpty, memory.markOf("x")]).toEqual([true, undefined]);
    expect(memory.write("x", tokens(2), false)).toBe(false);
    expect(memory.isEmpty).toBe(true);
    memory.open();
    expect(memory.write("x", tokens(2), true)).toBe(true);
    expect(new TokenMemory(true).write("x", tokens(1), true)).toBe(false);
  });
});
