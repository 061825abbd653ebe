import { randomInt } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

/**
 * The system gives the ports from here on to whoever connects to anything: one of those may be taken between being found
 * free and being listened on, even by a connection to itself. Below, nobody has a port who has not asked for it.
 *
 * @source ip(7), ip_local_port_range
 */
function firstOfTheSystem(): number {
  try {
    return Number(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s/)[0]);
  } catch {
    return 32_768;
  }
}

const FROM = 10_240;
const TO = Math.max(FROM + 1_000, Math.min(firstOfTheSystem(), 49_152));

/** A port of the loopback that is free, for what has to know its address before it starts or keeps it over a restart. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, TO);
    const server = createServer().listen(port, "127.0.0.1");
    const listens = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!listens) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
