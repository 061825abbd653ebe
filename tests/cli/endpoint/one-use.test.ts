import { Secret } from "@jcfetch/shared/secret";
import { describe, expect, it } from "vitest";
import { openOnce } from "../../../cli/src/endpoint/one-use.ts";
import { ownersIn } from "../../../cli/src/endpoint/stranger.ts";
import { asStranger } from "../../support/stranger.ts";

const TARGET = "https://signin.aws.amazon.com/federation?Action=login&SigninToken=secret";
const WITHIN_MS = 30_000;

describe("an address that works once", () => {
  it("[US11] leads its own user on, and nobody after that", async () => {
    const { url, used } = await openOnce(new Secret(TARGET), WITHIN_MS, { uid: process.getuid!() });
    const answer = await fetch(url, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, TARGET]);
    expect(await used).toBe(true);
    await expect(fetch(url)).rejects.toThrow();
  });

  it("[US11] is not there for another user, who has read it in the browser's arguments", async () => {
    const { owner, fetchStatus } = asStranger();
    const { url } = await openOnce(new Secret(TARGET), WITHIN_MS, { uid: owner });
    expect(await fetchStatus(url)).toBe(404);
    const { status } = await fetch(url, { redirect: "manual" });
    expect(status, "it is not used up").toBe(owner === process.getuid!() ? 302 : 404);
  });
});

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 12 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 13 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:C002 0100007F:1F90 06 00000000:00000000 03:00000F4B 00000000     0        0 0 3 0000000000000000
`;

describe("who is at the other end", () => {
  it("[US11] is who holds that very end, and not this one", () => {
    expect(ownersIn(TABLE, 0xc001, 0x1f90)).toEqual([1001]);
    expect(ownersIn(TABLE, 0x1f90, 0xc001)).toEqual([1000]);
  });

  it("[US11] is nobody where the other end is gone, or no one's of this computer", () => {
    expect(ownersIn(TABLE, 0xc002, 0x1f90)).toEqual([]);
    expect(ownersIn(TABLE, 0xc003, 0x1f90)).toEqual([]);
    expect(ownersIn("", 0xc001, 0x1f90)).toEqual([]);
  });
});
