import { ok, type Result } from "@jcfetch/shared/result";
import { type EpochMs, toMs } from "@jcfetch/shared/time";
import { type Profile, readProfiles } from "../config/profiles.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { type Brokered, openBrokered, portalName } from "../sources/brokered.ts";
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
  const session = await device.value.session();
  const report = reportOf(device.value, session, profiles.value);
  host.io.progress("");
  await host.io.out(json ? `${JSON.stringify(report)}\n` : inWords(report, host.now()));
  if (!json && report.problem) host.io.fail(report.problem, false);
  return ok(null);
}

interface Report {
  /** Credentials can be had right now. */
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
  readonly profiles: readonly Profile[];
}

function reportOf(
  { grant, url }: Brokered,
  session: Result<{ endsAtMs: EpochMs }, Failure>,
  profiles: readonly Profile[],
): Report {
  const { policy, name, modes, exp } = grant;
  const endsAtMs = session.ok ? session.value.endsAtMs : null;
  return {
    ready: session.ok,
    problem: session.ok ? null : session.error,
    portal: { startUrl: policy.start, region: policy.region, endsAtMs },
    device: { name, modes, roles: grantedRoles(grant).length, endsAtMs: toMs(exp) },
    broker: { url, answers: session.ok || session.error.code !== "broker-unreachable" },
    profiles,
  };
}

function inWords({ portal, device, broker, profiles }: Report, nowMs: EpochMs): string {
  const left = (atMs: EpochMs): string => (atMs > nowMs ? `${duration(atMs - nowMs)} left` : "over");
  const roles = count(device.roles, "role");
  const session = portal.endsAtMs === null ? "no session" : left(portal.endsAtMs);
  const head = columns([
    ["portal", `${portalName(portal.startUrl)} · ${portal.region}`, session],
    ["device", `${device.name} · ${device.modes.join(", ")} · ${roles}`, left(device.endsAtMs)],
    ["broker", broker.url, broker.answers ? "answers" : "does not answer"],
  ]);
  return (
    head +
    columns(
      profiles.map(({ name, account, role, region }) => [name, account, role, region ?? ""]),
      "  ",
    )
  );
}
