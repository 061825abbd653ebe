import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Broken } from "./ini.ts";

/*
 * Our block in a file that belongs to the user: found by its two marker lines, written at the end, taken out again without
 * a trace. Text before and after it is never rebuilt, only cut and joined.
 */

const BEGIN = "# >>> jcfetch: written by `jcfetch configure`, which also changes it";
/** Says that the file did not end with a line feed, so that taking the block out gives back exactly that. */
const BEGIN_JOINED = `${BEGIN} (the line before had no end)`;
const END = "# <<< jcfetch";

type Newline = "\n" | "\r\n";

export interface Parts {
  readonly before: string;
  /** Lines between the markers; `undefined` when there is no block. */
  readonly inside: string | undefined;
  readonly after: string;
  readonly newline: Newline;
  /** The end of the last line of `before` where we wrote it, else nothing. It belongs to the block. */
  readonly joint: Newline | "";
}

interface Marker {
  readonly kind: "begin" | "end";
  readonly line: number;
  readonly from: number;
  /** Just past its line feed. */
  readonly to: number;
  readonly text: string;
}

/** @errors a marker without its partner, or a second block: somebody edited the markers. */
export function split(text: string): Result<Parts, Broken> {
  const [begin, end, third] = markersIn(text);
  if (!begin) {
    const newline = /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
    return ok({ before: text, inside: undefined, after: "", newline, joint: "" });
  }
  if (begin.kind === "end") return lonely(begin, "has no line that begins it");
  if (end?.kind !== "end") return lonely(begin, "has no line that ends it");
  if (third) return lonely(third, "stands a second time");
  const newline = text.slice(begin.from, begin.to).endsWith("\r\n") ? "\r\n" : "\n";
  const above = text.slice(0, begin.from);
  const joint = begin.text === BEGIN_JOINED ? jointOf(above, newline) : "";
  return ok({
    before: above.slice(0, above.length - joint.length),
    inside: text.slice(begin.to, end.from),
    after: text.slice(end.to),
    newline,
    joint,
  });
}

/** A carriage return is ours only where the marker's own line has one too: the user's text may end with one. */
function jointOf(above: string, newline: Newline): Newline | "" {
  if (above.endsWith(newline)) return newline;
  return above.endsWith("\n") ? "\n" : "";
}

const lonely = ({ line }: Marker, what: string): Result<never, Broken> =>
  err({ line, why: `jcfetch's block ${what}` });

function markersIn(text: string): Marker[] {
  const found: Marker[] = [];
  let from = 0;
  for (let line = 1; from < text.length; line++) {
    const feed = text.indexOf("\n", from);
    const to = feed === -1 ? text.length : feed + 1;
    const content = text.slice(from, to).trim();
    if (content === END) found.push({ kind: "end", line, from, to, text: content });
    else if (content === BEGIN || content === BEGIN_JOINED) {
      found.push({ kind: "begin", line, from, to, text: content });
    }
    from = to;
  }
  return found;
}

/** The file with these lines in its block; with none, the file as if we had never been there. */
export function join({ before, after, newline, ...parts }: Parts, lines: readonly string[]): string {
  // What another tool has put behind our block began on a line of its own, and keeps it.
  if (lines.length === 0) return before + (after === "" ? "" : parts.joint) + after;
  const isNew = parts.inside === undefined;
  const joint = isNew && before !== "" && !before.endsWith("\n") ? newline : parts.joint;
  const block = [joint === "" ? BEGIN : BEGIN_JOINED, ...lines, END];
  return `${before}${joint}${block.join(newline)}${newline}${after}`;
}
