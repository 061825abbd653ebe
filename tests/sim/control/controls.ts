import type { Context, Hono } from "hono";
import type { Fault, FaultKind } from "../faults.ts";
import type { Parts } from "../parts.ts";
import { makeService } from "../service.ts";
import { peoplePage } from "./people-page.ts";
import { stateOf } from "./state-view.ts";

const KINDS: ReadonlySet<string> = new Set<FaultKind>([
  "throttle",
  "unauthorized",
  "forbidden",
  "error",
  "slow",
  "garbage",
  "hang",
  "hold",
]);

type Fields = Readonly<Record<string, unknown>>;

/** Forms of the people page and JSON of other processes, read alike. */
async function fieldsOf(context: Context): Promise<Fields> {
  if (context.req.header("content-type")?.startsWith("application/json")) {
    const body: unknown = await context.req.json();
    return typeof body === "object" && body !== null ? { ...body } : {};
  }
  return Object.fromEntries(new URLSearchParams(await context.req.text()));
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
const number = (value: unknown): number | undefined => {
  const read = value === "" || value === undefined || value === null ? Number.NaN : Number(value);
  return Number.isFinite(read) ? read : undefined;
};

/** A browser goes back to the page; a program gets JSON. */
const done = (context: Context, body: object = { ok: true }): Response =>
  context.req.header("accept")?.includes("text/html") ? context.redirect("/", 303) : context.json(body);
const refused = (context: Context, message: string): Response => context.json({ error: message }, 400);

/** The world's switches, on loopback only: what a test in this process does by hand, others do over HTTP. */
export function controls(parts: Parts): Hono {
  const { world, faults } = parts;
  const app = makeService();
  app.get("/", () => peoplePage(parts, parts.ports().tls));
  app.get("/__sim/state", (context) => context.json(stateOf(parts)));
  app.get("/__sim/calls", (context) =>
    context.json({ totals: world.calls.totals(), calls: world.calls.all }),
  );

  app.post("/__sim/faults", async (context) => {
    const fields = await fieldsOf(context);
    if (fields.clear !== undefined) faults.clear();
    if (fields.rateLimit !== undefined) faults.rateLimit = number(fields.rateLimit);
    if (fields.operation !== undefined) {
      const fault = faultFrom(fields);
      if (fault === undefined) return refused(context, "a fault has an operation and a known kind");
      faults.add(fault);
    }
    return done(context);
  });
  app.post("/__sim/release", (context) => {
    faults.release();
    return done(context);
  });

  app.post("/__sim/push/approve", async (context) => {
    const fields = await fieldsOf(context);
    const decision = fields.decision === "denied" ? "denied" : "accepted";
    const user = text(fields.user);
    const push = world.jumpcloud.answerPush(decision, user && world.users.get(user)?.email);
    if (push === undefined) return refused(context, "no push is waiting");
    return done(context, { ok: true, id: push.id, decision });
  });

  app.post("/__sim/device/answer", async (context) => {
    const fields = await fieldsOf(context);
    const device = world.oidc.deviceByUserCode(text(fields.userCode) ?? "");
    const user = world.users.get(text(fields.user) ?? "");
    const directory = world.findDirectory(({ startUrl }) => startUrl === device?.startUrl);
    if (device === undefined || directory === undefined) return refused(context, "no such code");
    if (fields.decision === "denied") device.denied = true;
    else if (user === undefined) return refused(context, "nobody of that name");
    else device.session = world.sessions.open(user, directory).token.session;
    return done(context);
  });

  app.post("/__sim/consent", async (context) => {
    const fields = await fieldsOf(context);
    const asked = world.oidc.authorizeContext(text(fields.context) ?? "");
    const [allow, name = ""] = (text(fields.answer) ?? "").split(":");
    if (asked === undefined) return refused(context, "the request has expired");
    if (allow !== "yes") return context.redirect(world.oidc.deny(asked), 303);
    const directory = world.findDirectory(({ hosts }) =>
      hosts.includes(URL.parse(asked.client.issuerUrl ?? "")?.hostname ?? ""),
    );
    const user = world.users.get(name);
    if (directory === undefined || user === undefined) return refused(context, "nobody of that name");
    const { session } = world.sessions.open(user, directory).token;
    return context.redirect(world.oidc.approve(asked, session), 303);
  });
  addWorldSwitches(app, parts);
  return app;
}

function faultFrom(fields: Fields): Fault | undefined {
  const operation = text(fields.operation);
  const kind = text(fields.kind);
  if (operation === undefined || kind === undefined || !KINDS.has(kind)) return undefined;
  const times = number(fields.times);
  const ms = number(fields.ms);
  const status = number(fields.status);
  return {
    operation,
    kind: kind as FaultKind,
    ...(times === undefined ? {} : { times }),
    ...(ms === undefined ? {} : { ms }),
    ...(status === undefined ? {} : { status }),
  };
}

function addWorldSwitches(app: Hono, { world }: Parts): void {
  app.post("/__sim/portal", async (context) => {
    const fields = await fieldsOf(context);
    const directory = world.directories.get(text(fields.directory) ?? "");
    if (directory === undefined) return refused(context, "no such directory");
    const { generation, cookieName, cookiePath, regionHint } = fields;
    const delay = number(fields.cookieDelayMs);
    const drawn = number(generation);
    directory.portal = {
      ...directory.portal,
      ...(drawn === 1 || drawn === 2 || drawn === 3 ? { generation: drawn } : {}),
      ...(cookieName === "x-amz-sso_authn" || cookieName === "__Host-idc-access-portal-authn"
        ? { cookieName }
        : {}),
      ...(cookiePath === "/" || cookiePath === "/start/" ? { cookiePath } : {}),
      ...(isHint(regionHint) ? { regionHint } : {}),
      ...(delay === undefined ? {} : { cookieDelayMs: delay }),
    };
    return done(context);
  });
  app.post("/__sim/clock", async (context) => {
    world.clockOffsetMs = number((await fieldsOf(context)).offsetMs) ?? 0;
    return done(context);
  });
  app.post("/__sim/sessions/end", async (context) => {
    const name = text((await fieldsOf(context)).user);
    for (const session of world.sessions.all) {
      if (name === undefined || session.user.name === name) session.revoked = true;
    }
    return done(context);
  });
}

const HINTS = ["env", "meta", "assets", "csp", "none"] as const;
const isHint = (value: unknown): value is (typeof HINTS)[number] => HINTS.some((hint) => hint === value);
