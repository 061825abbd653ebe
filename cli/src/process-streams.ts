import { fstatSync, writeSync } from "node:fs";

/*
 * Standard output without the machinery of streams, which takes longer to load than all else that a program does that
 * prints what an agent has given it.
 */

export function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Most streams of a program are none, and a look at the file tells. */
export function isTerminal(fd: number): boolean {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    return false; // it was closed
  }
  return process.getBuiltinModule("node:tty").isatty(fd);
}

type Done = (error?: Error | null) => void;

/** @param onError told of what goes wrong where nobody waits for the end of a write. */
export function printer(onError: (error: Error) => void): {
  write(text: string | Uint8Array, done?: Done): void;
} {
  const stream = lazily(() => process.stdout.on("error", onError));
  return {
    write(text, done = () => {}) {
      const rest = written(typeof text === "string" ? Buffer.from(text) : Buffer.from(text), done);
      if (rest) stream().write(rest, done);
    },
  };
}

const STDOUT = 1;

/** @returns what the other side did not take at once; its stream waits until it does. */
function written(bytes: Buffer, done: Done): Buffer | undefined {
  if (process.platform === "win32" || isTerminal(STDOUT)) return bytes;
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(STDOUT, bytes, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return bytes.subarray(at);
    done(error as Error);
    return undefined;
  }
  done();
  return undefined;
}
