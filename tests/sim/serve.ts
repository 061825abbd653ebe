import { startSim } from "./start.ts";

/** `npm run sim`: the world on fixed ports, until it is stopped. */
const sim = await startSim({
  httpPort: Number(process.env.SIM_PORT ?? 7300),
  tlsPort: Number(process.env.SIM_TLS_PORT ?? 7443),
});

process.stdout.write(`Simulated JumpCloud and AWS: ${sim.origin}/  (TLS on port ${sim.tlsPort})\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void sim.close());
