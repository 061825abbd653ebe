import { writeSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { hostProgram } from "./program.ts";

/** The host program as it is shipped: the broker's calls go to the internet, and nothing can send them anywhere else. */

const told = new Promise<void>((resolve) => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve());
});

const world = {
  folder: dirname(fileURLToPath(import.meta.url)),
  env: process.env,
  egress: { kind: "internet" },
  told,
} as const;

hostProgram(process.argv.slice(2), world, (answer) => writeSync(1, `${JSON.stringify(answer)}\n`)).then(
  (code) => process.exit(code),
  () => process.exit(70), // a bug; what it says could quote what it choked on
);
