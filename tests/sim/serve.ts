import { startSim } from "./start.ts";

const httpPort = Number(process.env.SIM_PORT ?? 7300);
const tlsPort = Number(process.env.SIM_TLS_PORT ?? 7443);

const PARENT_EVERY_MS = 500;

/** `npm run sim`: the world on fixed ports, until it is stopped. */
async function serve(): Promise<void> {
  const sim = await startSim({ httpPort, tlsPort });
  process.stdout.write(`Simulated JumpCloud and AWS: ${sim.origin}/  (TLS on port ${sim.tlsPort})\n`);
  const end = (): void => void sim.close();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end(); // whoever started it was killed
  }, PARENT_EVERY_MS).unref();
}

try {
  await serve();
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
  process.stderr.write(
    `port ${httpPort} or ${tlsPort} is taken; choose others: SIM_PORT=7301 SIM_TLS_PORT=7444 npm run sim\n`,
  );
  process.exitCode = 1;
}
