import { createWorker } from "../../worker/src/worker.ts";

/*
 * The Worker with a clock that tests move. Nothing else differs from worker/src/index.ts: time is an argument there, too.
 * With the header `test-cf` it answers as if it were deployed, with that as the platform's word on the request.
 */

let offsetMs = 0;

const ports = {
  now: () => Date.now() + offsetMs,
  fetch: (...request) => fetch(...request),
  // biome-ignore lint/suspicious/noConsole: as in the shipped entry
  log: (line) => console.log(line),
};
const worker = createWorker(ports);
/** The same broker, seen from a platform that says where a request came from, as a deployed one is. */
const deployed = createWorker(ports);

export default {
  async fetch(request, env) {
    const { pathname, host } = new URL(request.url);
    const cf = request.headers.get("test-cf");
    if (cf !== null) {
      const seen = new Request(request, { cf: JSON.parse(cf) });
      return deployed.handler.fetch(seen, { ...env, LOCAL: "", ALLOWED_HOSTS: host });
    }
    if (pathname !== "/clock") return worker.handler.fetch(request, env);
    offsetMs = Number(await request.text());
    return new Response(null, { status: 204 });
  },
};
export const { Vault, Mailbox, Ticket } = worker;
