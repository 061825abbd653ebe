import { createWorker } from "../../worker/src/worker.ts";

/*
 * The Worker with a clock that tests move. Nothing else differs from worker/src/index.ts: time is an argument there, too.
 */

let offsetMs = 0;

const worker = createWorker({
  now: () => Date.now() + offsetMs,
  fetch: (...request) => fetch(...request),
  // biome-ignore lint/suspicious/noConsole: as in the shipped entry
  log: (line) => console.log(line),
});

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== "/clock") return worker.handler.fetch(request, env);
    offsetMs = Number(await request.text());
    return new Response(null, { status: 204 });
  },
};
export const { Vault, Mailbox, Ticket } = worker;
