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

export interface Parts {
  readonly before: string;
  /** Lines between the markers; `undefined` when there is no block. */
  readonly inside: string | undefined;
  readonly after: string;
  readonly newline: "\n" | "\r\n";
  /** The end of the last line of `before` belongs to the block. */
  readonly joined: boolean;
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
  const newline = /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
  const [begin, end, third] = markersIn(text);
  if (!begin) return ok({ before: text, inside: undefined, after: "", newline, joined: false });
  if (begin.kind === "end") return lonely(begin, "has no line that begins it");
  if (end?.kind !== "end") return lonely(begin, "has no line that ends it");
  if (third) return lonely(third, "stands a second time");
  const joined = begin.text === BEGIN_JOINED;
  const cut = joined ? begin.from - newline.length : begin.from;
  return ok({
    before: text.slice(0, Math.max(0, cut)),
    inside: text.slice(begin.to, end.from),
    after: text.slice(end.to),
    newline,
    joined,
  });
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
  const isNew = parts.inside === undefined;
  const joined = isNew ? before !== "" && !before.endsWith("\n") : parts.joined;
  if (lines.length === 0) return before + after;
  const block = [joined ? BEGIN_JOINED : BEGIN, ...lines, END];
  return `${before}${joined ? newline : ""}${block.join(newline)}${newline}${after}`;
}
