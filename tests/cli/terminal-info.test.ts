import { describe, expect, it } from "vitest";
import { terminalInfo } from "../../cli/src/terminal-info.ts";

const place = { hostName: "build-42", userName: "ana", system: "Linux 6.1", env: {} };

describe("what a terminal says of itself in pairing", () => {
  it("[PA5] is as the system says it", () => {
    const { version, ...info } = terminalInfo(place);
    expect(info).toEqual({ host: "build-42", osUser: "ana", os: "Linux 6.1", ssh: false });
    expect(version).toMatch(/^\d/);
    expect(terminalInfo({ ...place, env: { SSH_TTY: "/dev/pts/1" } }).ssh).toBe(true);
  });

  it("[PA5] has no character that could hide or turn around what the user reads", () => {
    const info = terminalInfo({
      ...place,
      hostName: "bui\u202eld\u0000-\u200b42\u001b",
      userName: "\u202e",
      system: "Li\nnux\ud800",
    });
    expect(info).toMatchObject({ host: "build-42", osUser: "unknown", os: "Linux" });
  });

  it("[PA5] has at most 64 units, and no half of a character at the cut", () => {
    const info = terminalInfo({
      ...place,
      hostName: `${"a".repeat(63)}😀`,
      userName: `\u200b${"b".repeat(80)}`,
    });
    expect(info.host).toBe("a".repeat(63));
    expect(info.osUser).toBe("b".repeat(64));
  });
});
