/** @returns `undefined` for text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type Fields = Partial<Record<string, unknown>>;

/** The members of an object; none for any other text. */
export function membersIn(text: string): Fields {
  const value = parseJson(text);
  return typeof value === "object" && value !== null ? { ...value } : {};
}
