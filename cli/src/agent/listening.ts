import { chmodSync, renameSync, rmSync, statSync } from "node:fs";
import type { Server } from "node:net";
import { dirname, join } from "node:path";
import { isPipe } from "./place.ts";

export interface Listening {
  /** Nobody has put another one in the socket's place. */
  isStill(): boolean;
  /** No more connections, and no socket of ours. Resolves when the last one has its answer. */
  close(): Promise<void>;
}

/**
 * A socket of mode 0600 at this path. Under another name first, so that it is never there with other rights, and never taken
 * away from somebody else.
 *
 * @throws what the system says, with its `code`.
 */
export async function listenAt(server: Server, path: string, pid: number): Promise<Listening> {
  const first = isPipe(path) ? path : join(dirname(path), `.${pid}`);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(first, resolve));
  const closed = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  if (isPipe(path)) return { isStill: () => true, close: closed };
  chmodSync(first, 0o600);
  const { ino } = statSync(first);
  renameSync(first, path);
  const isStill = (): boolean => statSync(path, { throwIfNoEntry: false })?.ino === ino;
  return {
    isStill,
    close() {
      if (isStill()) rmSync(path, { force: true });
      return closed();
    },
  };
}
