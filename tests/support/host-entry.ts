import { writeSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { hostProgram } from "../../worker/src/local/program.ts";

/** The host program with the simulator where the internet would be. It stands in no release. */

const told = new Promise<void>((resolve) => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve());
});

const world = {
  folder: dirname(fileURLToPath(import.meta.url)),
  env: process.env,
  egress: { kind: "loopback", port: Number(process.env.SIM_PORT) },
  told,
} as const;

const code = await hostProgram(process.argv.slice(2), world, (answer) =>
  writeSync(1, `${JSON.stringify(answer)}\n`),
);
process.exit(code);
