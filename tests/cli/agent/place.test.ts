import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentPlace, isOurs } from "../../../cli/src/agent/place.ts";
import { agentEnv } from "../../../cli/src/agent/start.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "jcfetch-place-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const here = { platform: "linux", uid: process.getuid!() };
const placeIn = (env: Record<string, string>, more: object = {}) =>
  agentPlace({ ...here, home, env, ...more });

describe("the agent's place", () => {
  it("[AG2] is the user's runtime folder, if that is theirs, else their own", () => {
    expect(placeIn({ XDG_RUNTIME_DIR: home })).toEqual({
      mode: "own",
      folder: join(home, "jcfetch"),
      socket: join(home, "jcfetch/agent.sock"),
    });
    const own = join(home, ".config/jcfetch/run");
    // A uid that nobody has, so that no folder of the system is its.
    for (const XDG_RUNTIME_DIR of ["relative", join(home, "none"), home]) {
      expect(placeIn({ XDG_RUNTIME_DIR }, { uid: 4_000_000 }).folder).toBe(own);
    }
  });

  it("[AG2] keeps within what systems take for a socket's path", () => {
    const deep = join(home, "x".repeat(100));
    mkdirSync(deep);
    const { folder, socket } = placeIn({ XDG_RUNTIME_DIR: deep, TMPDIR: "/tmp" });
    expect(folder).toBe(`/tmp/jcfetch-${here.uid}`);
    expect(socket).toMatch(/\/agent-[\da-f]{16}\.sock$/);
    expect(placeIn({ XDG_RUNTIME_DIR: deep, TMPDIR: "/tmp" }).socket).toBe(socket);
    mkdirSync(`${deep}y`);
    expect(placeIn({ XDG_RUNTIME_DIR: `${deep}y`, TMPDIR: "/tmp" }).socket).not.toBe(socket);
  });

  it("[AG2] is a pipe of the home folder on Windows", () => {
    const on = (home: string, env = {}) => placeIn(env, { platform: "win32", home, uid: undefined });
    const { socket } = on("C:\\Users\\ana");
    expect(socket).toMatch(/^\\\\\.\\pipe\\jcfetch-[\da-f]{16}$/);
    // Windows tells no difference between these two names of one folder.
    expect(on("c:\\users\\ANA").socket).toBe(socket);
    expect(on("C:\\Users\\ben").socket).not.toBe(socket);
    const given = { JCFETCH_AGENT: "\\\\.\\pipe\\other" };
    expect(on("C:\\Users\\ana", given)).toMatchObject({ mode: "given", socket: given.JCFETCH_AGENT });
    expect(isOurs(on("C:\\Users\\ana"), { ...here, platform: "win32", home: "", env: {} })).toBe(true);
  });

  it("[AG17] is what JCFETCH_AGENT says", () => {
    expect(placeIn({ JCFETCH_AGENT: "off" }).mode).toBe("off");
    expect(placeIn({ JCFETCH_AGENT: "/x/y.sock" })).toMatchObject({ mode: "given", socket: "/x/y.sock" });
  });

  it("[AG2] [AG17] is used only where folder and socket are the user's, and the folder theirs alone", async () => {
    const place = placeIn({ XDG_RUNTIME_DIR: home });
    const around = { ...here, home, env: {} };
    expect(isOurs(place, around)).toBe(false);
    mkdirSync(place.folder, { mode: 0o700 });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(place.socket, resolve));
    try {
      expect(isOurs(place, around)).toBe(true);
      expect(isOurs(place, { ...around, uid: here.uid + 1 })).toBe(false);
      expect(isOurs({ ...place, mode: "given" }, { ...around, uid: here.uid + 1 })).toBe(false);
      chmodSync(place.folder, 0o711);
      expect(isOurs(place, around)).toBe(false);
      expect(isOurs({ ...place, mode: "given" }, around)).toBe(true);

      // As root of a container meets it: the socket of the user who runs it.
      if (here.uid === 0) for (const path of [place.folder, place.socket]) chownSync(path, 65_534, 65_534);
      const seenByRoot = (mode: "own" | "given") => isOurs({ ...place, mode }, { ...around, uid: 0 });
      expect([seenByRoot("given"), seenByRoot("own")]).toEqual([true, false]);
      chmodSync(place.folder, 0o777);
      expect(seenByRoot("given")).toBe(false);
    } finally {
      server.close();
    }
  });

  it("[AG10] is entered with the few variables that the agent needs", () => {
    const kept = {
      HOME: "/home/ana",
      PATH: "/bin",
      XDG_RUNTIME_DIR: "/r",
      https_proxy: "http://p",
      DBUS_SESSION_BUS_ADDRESS: "unix:path=/b",
      LANG: "C",
    };
    const left = {
      AWS_SECRET_ACCESS_KEY: "s",
      AWS_SESSION_TOKEN: "t",
      GITHUB_TOKEN: "g",
      JCFETCH_AGENT: "/x",
      NODE_OPTIONS: "--inspect",
      SSH_AUTH_SOCK: "/a",
      AWS_PROFILE: "dev",
    };
    expect(agentEnv({ ...kept, ...left })).toEqual(kept);
    const ofWindows = {
      Path: "C:\\bin",
      USERPROFILE: "C:\\Users\\ana",
      SystemRoot: "C:\\Windows",
      TEMP: "C:\\T",
    };
    expect(agentEnv({ ...ofWindows, COMSPEC: "C:\\cmd.exe" })).toEqual(ofWindows);
  });
});
