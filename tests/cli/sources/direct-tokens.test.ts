import { Secret } from "@jcfetch/shared/secret";
import { describe, expect, it } from "vitest";
import { openSealing } from "../../../cli/src/config/sealing.ts";
import { isDue, parseTokens, type Tokens, tokensText } from "../../../cli/src/sources/direct-tokens.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

const refresh = {
  token: new Secret("aor-token"),
  registration: { clientId: "client", clientSecret: new Secret("client-secret"), expiresAtMs: NOW },
};
const living = (livesMinutes: number, leftMinutes: number, more: Partial<Tokens> = {}): Tokens => ({
  accessToken: new Secret("aoa-token"),
  livesMs: livesMinutes * MINUTE,
  expiresAtMs: NOW + leftMinutes * MINUTE,
  refresh,
  ...more,
});

describe("tokens", () => {
  it.each([
    ["an hour's, 16 minutes before its end", living(60, 16), false],
    ["an hour's, 14 minutes before", living(60, 14), true],
    ["eight hours', 16 minutes before", living(480, 16), false],
    ["one of ten minutes with three left", living(10, 3), false],
    ["one of ten minutes with two left", living(10, 2), true],
    ["one whose refresh has just failed", living(60, 5, { notBeforeMs: NOW + 1 }), false],
    ["one whose refresh failed a minute ago", living(60, 5, { notBeforeMs: NOW }), true],
    ["one that is over, whatever failed before", living(60, 0, { notBeforeMs: NOW + 1 }), true],
  ])("[DM6] are due or not: %s", (_what, tokens, due) => {
    expect(isDue(tokens, NOW)).toBe(due);
  });

  it("[DM6] that cannot be refreshed are used to their end", () => {
    const { refresh: _, ...without } = living(480, 1);
    expect(isDue(without, NOW)).toBe(false);
    expect(isDue(without, NOW + MINUTE)).toBe(true);
  });

  it("come back from their text as they were, and from any other text not at all", () => {
    const tokens = living(60, 30, { sharedAs: "acme", notBeforeMs: NOW });
    const back = parseTokens(tokensText(tokens))!;
    expect(JSON.parse(tokensText(back))).toEqual(JSON.parse(tokensText(tokens)));
    expect(back.refresh?.registration.clientSecret.reveal()).toBe("client-secret");
    for (const text of ["", "null", "[]", "{", '{"v":2}', '{"v":1,"accessToken":"a"}']) {
      expect(parseTokens(text)).toBeUndefined();
    }
  });
});

/** A keyring in memory, of the shape that `@napi-rs/keyring` has. */
function keyring() {
  const kept = new Map<string, string>();
  class Entry {
    readonly #name: string;
    constructor(service: string, account: string) {
      this.#name = `${service}/${account}`;
    }
    getPassword(): string | null {
      return kept.get(this.#name) ?? null;
    }
    setPassword(password: string): void {
      kept.set(this.#name, password);
    }
  }
  return { kept, load: () => ({ Entry }) };
}

describe("tokens on a system without a folder in memory", () => {
  it("[DM5] are sealed under a key that only the keyring has, each session's for itself", async () => {
    const { kept, load } = keyring();
    const sealing = (await openSealing("one", load))!;
    const sealed = Buffer.from(await sealing.seal("a secret"));
    expect(sealed.toString("latin1")).not.toContain("secret");
    expect(await (await openSealing("one", load))!.open(sealed)).toBe("a secret");
    expect(await (await openSealing("two", load))!.open(sealed)).toBeUndefined();
    expect(await (await openSealing("one", keyring().load))!.open(sealed)).toBeUndefined();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(await sealing.open(changed)).toBeUndefined();
    }
    expect(await sealing.open(Buffer.alloc(3))).toBeUndefined();
    expect([...kept.values()][0]).toMatch(/^[\w-]{43}$/);
  });

  it("[DM5] have nowhere to be where the keyring is missing, locked or forgets", async () => {
    const missing = () => {
      throw new Error("no such module");
    };
    class Locked {
      getPassword(): never {
        throw new Error("locked");
      }
      setPassword(): void {}
    }
    class Forgetful {
      getPassword(): null {
        return null;
      }
      setPassword(): void {}
    }
    for (const load of [missing, () => ({ Entry: Locked }), () => ({ Entry: Forgetful })]) {
      expect(await openSealing("one", load)).toBeUndefined();
    }
  });
});
