import { createWorker } from "./worker.ts";

const worker = createWorker({
  now: () => Date.now(),
  fetch: (...request) => fetch(...request),
  // biome-ignore lint/suspicious/noConsole: a Worker's log is its console; this is the one line per request
  log: (line) => console.log(line),
});

export default worker.handler;
export const { Vault, Mailbox, Ticket, Keys } = worker;
