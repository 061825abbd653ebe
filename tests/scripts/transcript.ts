/*
 * A transcript is a text file:
 *
 *   [CL5] what is shown to hold, with the numbers of its rules
 *   -- path/under/home --          files that are there at the start
 *   …
 *   -- script --
 *   # a remark
 *   pair 999999999999/S3Admin      a step of the world (steps.ts)
 *   $ jcfetch process dev          a command, run by a shell in a home of its own
 *   exit 6                         what is asked of it; without this line, 0
 *   stdout …   no stdout           its output holds this text, or nothing at all
 *   stderr …
 *   unchanged                      no file under home is other than before the command
 *   file PATH has TEXT             a file holds this text
 *
 * Every line after a command looks at that command. A command that fails unasked fails the transcript.
 */

export interface Transcript {
  readonly title: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly lines: readonly { readonly number: number; readonly text: string }[];
  /** Needs simulator and broker. */
  readonly online: boolean;
}

const HEADING = /^-- (.+) --$/;
const OFFLINE = /^(?:\$|exit|stdout|stderr|no|unchanged|file|#|$)/;

export function readTranscript(text: string): Transcript {
  const all = text.split("\n");
  const headings = all.flatMap((line, index) => {
    const name = HEADING.exec(line)?.[1];
    return name === undefined ? [] : [{ name, index }];
  });
  const sections = headings.map(({ name, index }, i) => ({
    name,
    index,
    body: all.slice(index + 1, headings[i + 1]?.index ?? all.length),
  }));
  const script = sections.find(({ name }) => name === "script");
  if (!script) throw new Error("a transcript needs a script");
  const lines = script.body.map((line, i) => ({ number: script.index + i + 2, text: line.trim() }));
  return {
    title: all[0]!,
    files: sections
      .filter(({ name }) => name !== "script")
      .map(({ name, body }) => ({ path: name, content: body.map((line) => `${line}\n`).join("") })),
    lines: lines.filter(({ text: line }) => line !== "" && !line.startsWith("#")),
    online: lines.some(({ text: line }) => !OFFLINE.test(line)),
  };
}
