import { ok, type Result } from "@jcfetch/shared/result";
import { agentPlace } from "../agent/place.ts";
import type { ProfilesCommand } from "../args-profiles.ts";
import { signIns } from "../clocks.ts";
import { type Profile, readProfiles } from "../config/profiles.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { openBrokered } from "../sources/brokered.ts";
import { columns } from "../table.ts";
import { type GrantedRole, grantedRoles, isPattern } from "./granted.ts";

type Acts = Extract<ProfilesCommand, { readonly name: "profiles" }>;

export async function profiles(command: Acts, json: boolean, host: Host): Promise<Result<null, Failure>> {
  switch (command.act) {
    case "list":
      return listProfiles(json, host);
    case "undo":
      return (await import("./profiles-undo.ts")).undoProfiles(command, json, host);
    case "prune":
      return (await import("./profiles-prune.ts")).pruneProfiles(command, json, host);
    default:
      return (await import("./profiles-sync.ts")).syncProfiles(command, json, host);
  }
}

/** Profiles that are configured, and roles this terminal may use that have none yet. Asks nobody. */
async function listProfiles(json: boolean, host: Host): Promise<Result<null, Failure>> {
  const configured = await readProfiles(host);
  if (!configured.ok) return configured;
  const device = await openBrokered(host);
  if (!device.ok && device.error.code !== "not-paired") return device;
  const granted = device.ok ? grantedRoles(device.value.grant) : [];
  const open = granted.filter((role) => !configured.value.some((profile) => isFor(profile, role)));
  if (json) {
    await host.io.out(`${JSON.stringify({ paired: device.ok, profiles: configured.value, unused: open })}\n`);
    return ok(null);
  }

  const rows = configured.value.map(({ name, account, role, region = "", session = "" }) => [
    ...[name, account, role, region],
    session,
  ]);
  await host.io.out(columns(rows));
  if (rows.length === 0) host.io.note("no profile is configured yet");
  if (!device.ok) await tellUnpaired(configured.value, host);
  if (open.length > 0) {
    host.io.note(
      "roles this terminal may use, without a profile (jcfetch profiles sync, jcfetch configure):",
    );
    for (const role of open) host.io.note(`  ${role.account}/${role.role}`);
  }
  return ok(null);
}

/** A terminal with a sign-in of its own or with somebody's share needs no pairing. */
async function tellUnpaired(configured: readonly Profile[], host: Host): Promise<void> {
  if (configured.some(({ session }) => session !== undefined) || agentPlace(host).mode === "given") return;
  const own = await signIns(host);
  if (!own.ok || own.value.length === 0) host.io.note("this terminal is not paired yet: jcfetch pair");
  else if (configured.length === 0) host.io.note("make some: jcfetch profiles sync, or jcfetch configure");
}

const isFor = ({ account, role }: Profile, granted: GrantedRole): boolean =>
  !isPattern(granted) && account === granted.account && role === granted.role;
