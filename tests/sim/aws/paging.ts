const PREFIX = "AAMA-";

export interface Page<T> {
  readonly items: readonly T[];
  /** Null on the last page, as AWS writes it. */
  readonly next: string | null;
}

/** Cuts one page out; undefined when the token is none of ours. */
export function page<T>(items: readonly T[], size: number, token: string | undefined): Page<T> | undefined {
  const start = token === undefined || token === "" ? 0 : startOf(token);
  if (start === undefined || start > items.length) return undefined;
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? PREFIX + Buffer.from(`from ${end}`).toString("base64url") : null,
  };
}

function startOf(token: string): number | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  const start = Buffer.from(token.slice(PREFIX.length), "base64url")
    .toString()
    .match(/^from (\d+)$/)?.[1];
  return start === undefined ? undefined : Number(start);
}
