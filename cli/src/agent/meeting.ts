import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import type { Host } from "../host.ts";
import { type AgentPlace, isPrivateFolder } from "./place.ts";

/** @returns false where the folder cannot be ours alone. */
export function makeFolder(
  { folder }: AgentPlace,
  { uid, platform }: Pick<Host, "uid" | "platform">,
): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return platform === "win32" || isPrivateFolder(folder, uid);
  } catch {
    return false;
  }
}

/** Whether somebody takes connections there. */
export function answersAt(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
