import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Broken } from "./ini.ts";

/** Strict, and with every byte order mark left in place: what is decoded here encodes to the same bytes again. */
export function decode(bytes: Uint8Array): Result<string, Broken> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return err({ line: firstBadLine(bytes), why: "this line is not UTF-8" });
  }
}

function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let from = 0;
  for (let line = 1; ; line++) {
    const feed = bytes.indexOf(0x0a, from);
    try {
      decoder.decode(bytes.subarray(from, feed === -1 ? undefined : feed));
    } catch {
      return line;
    }
    if (feed === -1) return line;
    from = feed + 1;
  }
}
