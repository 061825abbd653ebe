/** Members that are still being found out, all at the same time: each is a question to the browser, and a page waits for the last. */
type Asked<T> = { readonly [K in keyof T]: Promise<T[K]> | T[K] };

/** @throws what the first one throws that fails */
export async function together<T extends object>(asked: Asked<T>): Promise<T> {
  const found = Object.entries(asked).map(async ([name, answer]) => [name, await answer] as const);
  return Object.fromEntries(await Promise.all(found)) as T;
}
