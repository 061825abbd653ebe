import { type ErrorCode, EXIT, LOCAL_ERRORS, WIRE_ERRORS } from "@jcfetch/shared/protocol/errors";
import { describe, expect, it } from "vitest";
import { allCodes, fail, failureOf } from "../../cli/src/exit.ts";
import { helpOn } from "../../cli/src/usage.ts";

describe("exit codes", () => {
  it.each(Object.keys({ ...WIRE_ERRORS, ...LOCAL_ERRORS }) as ErrorCode[])(
    "[CL5] of %s comes with a cause and a next step",
    (code) => {
      const { exit, title, next } = failureOf({ code });
      expect(exit).toBeGreaterThan(0);
      expect(title).toMatch(/^[a-zA-Z].*[^.]$/);
      expect(next.length).toBeGreaterThan(10);
    },
  );

  it("[CL5] of the command line's own reasons never change", () => {
    const own = [
      "usage",
      "code-in-arguments",
      "no-terminal",
      "cannot-carry",
      "not-paired",
      "no-code",
      "busy",
      "unknown-profile",
      "foreign-profile",
      "config-broken",
      "cannot-read",
      "device-exposed",
      "device-damaged",
      "cannot-write",
      "port-taken",
      "no-workerd",
      "no-host-program",
      "no-keyring",
      "no-service",
      "state-newer",
      "state-damaged",
      "broker-unmade",
      "broker-failed",
      "setup-elsewhere",
      "too-short",
      "command-not-found",
      "command-not-executable",
      "no-port",
      "no-shell-function",
      "unknown-session",
      "sessions-exposed",
      "sign-in-refused",
      "sign-in-timeout",
      "sign-in-failed",
      "nowhere-to-keep",
      "certificate-refused",
      "proxy-refused",
      "not-chosen",
      "console-refused",
      "no-browser",
    ] as const;
    const exits = own.map((code) => fail(code, "", "").exit);
    expect(exits).toEqual([
      2,
      2,
      2,
      2,
      3,
      8,
      7,
      10,
      10,
      10,
      10,
      10,
      10,
      11,
      ...Array(8).fill(10),
      7,
      2,
      2,
      127,
      126,
      10,
      2,
      ...[10, 10, 6, 6, 7, 11],
      9,
      7,
      2,
      7,
      10,
    ]);
  });

  it("[CL5] all stand in the help on them", () => {
    const listed = [...helpOn("exit")!.matchAll(/^ {1,3}(\d+) {2}/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(EXIT));
    expect(allCodes().filter(([, exit]) => !listed.includes(exit))).toEqual([]);
    const codes = allCodes().map(([code]) => code);
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  });

  it("[CR5] say how long to wait where the broker knows", () => {
    expect(failureOf({ code: "rate", retryAfterSeconds: 6.2, trace: "t" })).toMatchObject({
      next: "wait 7 s, then try again",
      trace: "t",
    });
  });
});
