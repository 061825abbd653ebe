/** The lines of one request and its answers, as they go over the wire. */
export interface Lines {
  /** What this side says. */
  out(line: string): string;
  /** What the other side has said; `undefined` for what it has not sealed. */
  in(line: string): string | undefined;
}

export const AS_THEY_ARE: Lines = { out: (line) => line, in: (line) => line };
