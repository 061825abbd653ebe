import { ok, type Result } from "@jcfetch/shared/result";
import { type EpochMs, toMs } from "@jcfetch/shared/time";
import { type Profile, readProfiles } from "../config/profiles.ts";
import { type Failure, failureOf } from "../exit.ts";
import type { Host } from "../host.ts";
import { portalName } from "../portal-name.ts";
import { type Brokered, openBrokered } from "../sources/brokered.ts";
import { columns } from "../table.ts";
import { count, duration } from "../when.ts";
import { grantedRoles } from "./granted.ts";

/** How this terminal stands. What is wrong with the session or the broker is part of the report, not a failure of it. */
export async function status(json: boolean, host: Host): Promise<Result<null, Failure>> {
  const profiles = await readProfiles(host);
  if (!profiles.ok) return profiles;
  const device = await openBrokered(host);
  if (!device.ok) return device;
  host.io.progress(`asking the broker at ${device.value.url} …`);
  const report = reportOf(device.value, await looked(device.value), profiles.value);
  host.io.progress("");
  await host.io.out(json ? `${JSON.stringify(report)}\n` : inWords(report, host.now()));
  if (!json && report.problem) host.io.fail(report.problem, false);
  return ok(null);
}

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

interface Report {
  /** Credentials can be had right now, of every role this terminal was given. */
  readonly ready: boolean;
  readonly problem: Failure | null;
  readonly portal: { readonly startUrl: string; readonly region: string; readonly endsAtMs: EpochMs | null };
  readonly device: {
    readonly name: string;
    readonly modes: readonly string[];
    readonly roles: number;
    readonly endsAtMs: EpochMs;
  };
  readonly broker: { readonly url: string; readonly answers: boolean };
  /** `null` where no role of this terminal needs the browser. */
  readonly browser: { readonly online: boolean } | null;
  readonly profiles: readonly Profile[];
}

function reportOf(
  { grant, url }: Brokered,
  { session, browser }: Looked,
  profiles: readonly Profile[],
): Report {
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
    profiles,
  };
}

function inWords({ portal, device, broker, browser, profiles }: Report, nowMs: EpochMs): string {
  const left = (atMs: EpochMs): string => (atMs > nowMs ? `${duration(atMs - nowMs)} left` : "over");
  const roles = count(device.roles, "role");
  const none = device.modes.includes("sealed") ? "no session" : "your browser knows";
  const session = portal.endsAtMs === null ? none : left(portal.endsAtMs);
  const head = columns([
    ["portal", `${portalName(portal.startUrl)} · ${portal.region}`, session],
    ["device", `${device.name} · ${device.modes.join(", ")} · ${roles}`, left(device.endsAtMs)],
    ["broker", broker.url, broker.answers ? "answers" : "does not answer"],
    ...(browser ? [["browser", "for roles that need it", browser.online ? "is there" : "is away"]] : []),
  ]);
  return (
    head +
    columns(
      profiles.map(({ name, account, role, region }) => [name, account, role, region ?? ""]),
      "  ",
    )
  );
}
