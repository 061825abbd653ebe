import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** As if time had passed, or AWS had said something else: changes what a terminal holds of its one sign-in. */
export async function rewriteTokens(
  memory: string,
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  const folder = join(memory, "jcfetch/sessions");
  const name = (await readdir(folder)).find((one) => one.endsWith(".json")) ?? "";
  const path = join(folder, name);
  const held = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify({ ...held, notBeforeMs: undefined, ...change }));
}
