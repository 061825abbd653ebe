import { type Failure, fail } from "../exit.ts";

/** What the system says of a file operation: `ENOENT`, `EACCES`, … Anything else is a bug and is thrown on. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string") return code;
  throw error;
}

/** Reading a FIFO would wait for ever, and a new file in the place of a device would break the system. */
export const irregular = (code: "cannot-read" | "cannot-write", path: string): Failure =>
  fail(
    code,
    `cannot ${code === "cannot-read" ? "read" : "write"} ${path}: it is not a regular file`,
    "move it away, then run the command again",
  );

export const cannotWrite = (path: string, errno: string): Failure =>
  fail(
    "cannot-write",
    `cannot write ${path} (${errno})`,
    "make it writable for you, then run the command again; nothing was changed",
  );

export const cannotRead = (path: string, errno: string): Failure =>
  fail(
    "cannot-read",
    `cannot read ${path} (${errno})`,
    "make it readable for you, then run the command again",
  );
