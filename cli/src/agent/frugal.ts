import { setFlagsFromString } from "node:v8";

/**
 * [AG22] The agent lives for days and is asked now and then: code that is made faster for it, in four steps, would only stand in
 * memory, a fifth of all that it takes. Called before it is loaded. Flags that an engine does not know, it passes over.
 *
 * @source `node --v8-options`
 */
export function beFrugal(): void {
  if (process.versions.bun !== undefined) return; // another engine, which is told by start.ts
  for (const flag of FLAGS) setFlagsFromString(flag);
}

const FLAGS = [
  "--no-opt",
  "--no-maglev",
  "--no-sparkplug",
  "--optimize-for-size",
  // Node's own `fetch` reads HTTP by a module of WebAssembly.
  "--no-wasm-tier-up",
  "--no-wasm-dynamic-tiering",
];
