import { ok, type Result } from "@jcfetch/shared/result";
import { type EpochMs, toMs } from "@jcfetch/shared/time";
import { shareAnswers } from "../agent/elsewhere.ts";
import { agentPlace } from "../agent/place.ts";
import type { AgentStatus } from "../agent/status.ts";
import { askedAgent, isLocked, type SignIn, signIns } from "../clocks.ts";
import { type Profile, readProfiles } from "../config/profiles.ts";
import { type Ending, type Failure, failureOf } from "../exit.ts";
import type { Host } from "../host.ts";
import { portalName } from "../portal-name.ts";
import { type Brokered, openBrokered } from "../sources/brokered.ts";
import { columns } from "../table.ts";
import { count, duration, left, mebibytes } from "../when.ts";
import { agentLocked } from "../wishes.ts";
import { grantedRoles } from "./granted.ts";

/**
 * [CF5] How this terminal stands: portal session, token, and every role that is held, each with its own clock. What stands in
 * the way of credentials is part of the report, and the exit code is that of commands that need some [CF10].
 */
export async function status(json: boolean, host: Host): Promise<Result<Ending, Failure>> {
  const profiles = await readProfiles(host);
  if (!profiles.ok) return profiles;
  const sessions = await signIns(host);
  if (!sessions.ok) return sessions;
  const device = await openBrokered(host);
  const signsIn = sessions.value.length > 0;
  const place = agentPlace(host);
  const elsewhere = !device.ok && place.mode === "given";
  if (!device.ok && !(device.error.code === "not-paired" && (signsIn || elsewhere))) return device;
  const running = await askedAgent(host);
  const agent = running ?? null;
  if (device.ok) host.io.progress(`asking the broker at ${device.value.url} …`);
  const share = place.mode === "given" && !running ? await shareAnswers(host, place) : undefined;
  const unpaired = () => (elsewhere ? without(null) : ownOnly(sessions.value));
  const brokered = device.ok ? reportOf(device.value, await looked(device.value)) : unpaired();
  host.io.progress("");
  // [AG17] The agent that is named stands before all else: whoever asks for a role asks that one.
  const agentProblem = share && !share.ok ? share.error : null;
  const problem = isLocked(host, running) ? agentLocked : (agentProblem ?? brokered.problem);
  const report = {
    ...brokered,
    ...{ ready: problem === null, problem },
    sessions: sessions.value,
    share: share?.ok ? place.socket : null,
    agent,
    profiles: withClocks(profiles.value, agent),
  };
  await host.io.out(json ? `${JSON.stringify(report)}\n` : inWords(report, host.now()));
  if (!json && problem) host.io.fail(problem, false);
  return ok(problem?.exit ?? null);
}

const withClocks = (profiles: readonly Profile[], agent: AgentStatus | null): readonly ClockedProfile[] =>
  profiles.map((profile) => {
    const held = agent?.roles.find(
      ({ account, role }) => account === profile.account && role === profile.role,
    );
    return { ...profile, endsAtMs: held?.expiresAtMs ?? null, refreshing: held?.refreshing ?? false };
  });

type Answer<T> = Result<T, Failure>;

/** What the broker said to each question this terminal's grant gives reason to ask. */
interface Looked {
  /** Sealed mode: the session that waits for this terminal. */
  readonly session: Answer<{ endsAtMs: EpochMs }> | undefined;
  /** Relay mode and approvals: whether the browser is there. */
  readonly browser: Answer<{ online: boolean }> | undefined;
}

async function looked(device: Brokered): Promise<Looked> {
  const { modes, policy } = device.grant;
  const session = modes.includes("sealed") ? await device.session() : undefined;
  const needsBrowser = modes.includes("relay") || policy.ask.length > 0;
  return { session, browser: needsBrowser ? await device.browser() : undefined };
}

/** What the broker has to do with. */
interface BrokeredReport {
  /** Credentials can be had right now, of every role this terminal was given. */
  readonly ready: boolean;
  readonly problem: Failure | null;
  /** The first clock. `null` in all of these: this terminal is not paired, and signs in itself. */
  readonly portal: {
    readonly startUrl: string;
    readonly region: string;
    readonly endsAtMs: EpochMs | null;
  } | null;
  readonly device: {
    readonly name: string;
    readonly modes: readonly string[];
    readonly roles: number;
    readonly endsAtMs: EpochMs;
  } | null;
  readonly broker: { readonly url: string; readonly answers: boolean } | null;
  /** `null` also where no role of this terminal needs the browser. */
  readonly browser: { readonly online: boolean } | null;
}

const without = (problem: Failure | null): BrokeredReport => ({
  ...{ ready: problem === null, problem },
  ...{ portal: null, device: null, broker: null, browser: null },
});

/** Of a terminal that signs in by itself: one sign-in is enough. */
const ownOnly = (sessions: readonly SignIn[]): BrokeredReport =>
  without(sessions.some(({ tokenEndsAtMs }) => tokenEndsAtMs !== null) ? null : notSignedIn(sessions));

function notSignedIn(sessions: readonly SignIn[]): Failure {
  const names = sessions.map(({ session }) => session);
  const choice = names.length > 1 ? `; sessions: ${names.slice(0, 8).join(", ")}` : "";
  return {
    ...failureOf({ code: "sso-expired" }),
    title: "you are not signed in, and this terminal is not paired",
    next: `sign in: jcfetch login --session ${names[0]}${choice}; or, with the extension, pair it: jcfetch setup, or jcfetch pair`,
  };
}

/** The third clock: until when the agent holds credentials of the profile's role. `null`: it holds none. */
type ClockedProfile = Profile & { readonly endsAtMs: EpochMs | null; readonly refreshing: boolean };

interface Report extends BrokeredReport {
  /** The second clock, of each sign-in of this terminal's own. */
  readonly sessions: readonly SignIn[];
  /** The socket of an agent elsewhere that shares some roles with this terminal. */
  readonly share: string | null;
  readonly agent: AgentStatus | null;
  readonly profiles: readonly ClockedProfile[];
}

function reportOf({ grant, url }: Brokered, { session, browser }: Looked): BrokeredReport {
  const { policy, name, modes, exp } = grant;
  const away = browser?.ok === true && !browser.value.online;
  const refused = [session, browser].flatMap((answer) => (answer && !answer.ok ? [answer.error] : []));
  const problem = refused[0] ?? (away ? failureOf({ code: "browser-offline" }) : null);
  return {
    ready: problem === null,
    problem,
    portal: {
      startUrl: policy.start,
      region: policy.region,
      endsAtMs: session?.ok ? session.value.endsAtMs : null,
    },
    device: { name, modes, roles: grantedRoles(grant).length, endsAtMs: toMs(exp) },
    broker: { url, answers: !refused.some(({ code }) => code === "broker-unreachable") },
    browser: browser ? { online: browser.ok && browser.value.online } : null,
  };
}

function inWords(
  { portal, device, broker, browser, sessions, share, agent, profiles }: Report,
  nowMs: EpochMs,
): string {
  const lives = (atMs: EpochMs): string => (atMs > nowMs ? left(atMs - nowMs) : "over");
  const rows: string[][] = [];
  if (portal && device && broker) {
    const none = device.modes.includes("sealed") ? "no session" : "your browser knows";
    const roles = count(device.roles, "role");
    rows.push(
      [
        "portal",
        `${portalName(portal.startUrl)} · ${portal.region}`,
        portal.endsAtMs === null ? none : lives(portal.endsAtMs),
      ],
      ["device", `${device.name} · ${device.modes.join(", ")} · ${roles}`, lives(device.endsAtMs)],
      ["broker", broker.url, broker.answers ? "answers" : "does not answer"],
    );
  }
  if (browser) rows.push(["browser", "for roles that need it", browser.online ? "is there" : "is away"]);
  for (const session of sessions) {
    const where = `${session.session} · ${portalName(session.startUrl)} · ${session.region}`;
    rows.push(["sign-in", where, tokenWords(session, lives)]);
  }
  if (share !== null) rows.push(["agent", share, "shares some roles with this terminal"]);
  if (agent) {
    const facts = [mebibytes(agent.rssBytes), `${count(agent.roles.length, "role")} held`];
    const up = `up ${duration(nowMs - agent.sinceMs)}`;
    rows.push(["agent", [up, ...facts].join(" · "), agent.locked ? "LOCKED: jcfetch agent unlock" : ""]);
  }
  const listed = profiles.map(({ name, account, role, region, endsAtMs, refreshing }) => [
    ...[name, account, role, region ?? ""],
    endsAtMs === null ? "" : lives(endsAtMs),
    refreshing ? "refreshing" : "",
  ]);
  return columns(rows) + columns(listed, "  ");
}

function tokenWords({ session, tokenEndsAtMs, renews }: SignIn, lives: (atMs: EpochMs) => string): string {
  if (tokenEndsAtMs === null) return `not signed in: jcfetch login --session ${session}`;
  return `token ${lives(tokenEndsAtMs)}${renews ? ", renews by itself" : ""}`;
}
