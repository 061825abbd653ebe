import { type Failure, fail } from "../exit.ts";

/** What the system says of a file operation: `ENOENT`, `EACCES`, … Anything else is a bug and is thrown on. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string") return code;
  throw error;
}

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
