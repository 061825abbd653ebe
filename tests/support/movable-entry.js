import { createWorker } from "../../worker/src/worker.ts";

/*
 * The Worker with a clock that tests move, and with rate limits of the platform, exact ones, that a test sets. Nothing else
 * differs from worker/src/index.ts: time is an argument there, too.
 * The alarm of an object goes off at `/alarm`, too. With the header `test-cf` it answers as if it were deployed, with that as the platform's word on the request.
 */

let offsetMs = 0;
/** Requests for each key, by binding; `null` while the broker has no such limit. */
const limits = { EDGE_ADDRESS: null, EDGE_USER: null };
const counted = new Map();

const ports = {
  now: () => Date.now() + offsetMs,
  fetch: (...request) => fetch(...request),
  // biome-ignore lint/suspicious/noConsole: as in the shipped entry
  log: (line) => console.log(line),
};
const worker = createWorker(ports);
/** The same broker, seen from a platform that says where a request came from, as a deployed one is. */
const deployed = createWorker(ports);

const limiter = (name) => ({
  async limit({ key }) {
    if (limits[name] === null) return { success: true };
    const count = (counted.get(`${name} ${key}`) ?? 0) + 1;
    counted.set(`${name} ${key}`, count);
    return { success: count <= limits[name] };
  },
});
const EDGE = { EDGE_ADDRESS: limiter("EDGE_ADDRESS"), EDGE_USER: limiter("EDGE_USER") };

export default {
  async fetch(request, platform) {
    const env = { ...platform, ...EDGE };
    const { pathname, host } = new URL(request.url);
    const cf = request.headers.get("test-cf");
    if (cf !== null) {
      const seen = new Request(request, { cf: JSON.parse(cf) });
      return deployed.handler.fetch(seen, { ...env, LOCAL: "", ALLOWED_HOSTS: host });
    }
    if (pathname === "/limits") {
      Object.assign(limits, await request.json());
      counted.clear();
      return new Response(null, { status: 204 });
    }
    if (pathname === "/alarm") {
      const { binding, name, how } = await request.json();
      const outcome = await platform[binding].getByName(name).ring(how);
      return Response.json({ outcome });
    }
    if (pathname !== "/clock") return worker.handler.fetch(request, env);
    offsetMs = Number(await request.text());
    return new Response(null, { status: 204 });
  },
};

/** The object with a bell: its alarm goes off when a test says so, as often, and comes to the end that a test says. */
const ringing = (Base) =>
  class extends Base {
    async ring(how) {
      if (how === "fails before") return "failed";
      await this.alarm();
      if (how === "twice") await this.alarm();
      return how === "fails after" ? "failed" : "done";
    }
  };
export const Vault = ringing(worker.Vault);
export const Mailbox = ringing(worker.Mailbox);
export const Ticket = ringing(worker.Ticket);
export const Keys = ringing(worker.Keys);
