import { ok, type Result } from "@jcfetch/shared/result";
import { type Profile, readProfiles } from "../config/profiles.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { openBrokered } from "../sources/brokered.ts";
import { columns } from "../table.ts";
import { type GrantedRole, grantedRoles, isPattern } from "./granted.ts";

/** Profiles that are configured, and roles this terminal may use that have none yet. Asks nobody. */
export async function listProfiles(json: boolean, host: Host): Promise<Result<null, Failure>> {
  const profiles = await readProfiles(host);
  if (!profiles.ok) return profiles;
  const device = await openBrokered(host);
  if (!device.ok && device.error.code !== "not-paired") return device;
  const granted = device.ok ? grantedRoles(device.value.grant) : [];
  const open = granted.filter((role) => !profiles.value.some((profile) => isFor(profile, role)));
  if (json) {
    await host.io.out(`${JSON.stringify({ paired: device.ok, profiles: profiles.value, unused: open })}\n`);
    return ok(null);
  }

  const rows = profiles.value.map(({ name, account, role, region }) => [name, account, role, region ?? ""]);
  await host.io.out(columns(rows));
  if (rows.length === 0) host.io.note("no profile is configured yet");
  if (!device.ok) host.io.note("this terminal is not paired yet: jcfetch pair");
  if (open.length > 0) {
    host.io.note("roles this terminal may use, without a profile (jcfetch configure):");
    for (const role of open) host.io.note(`  ${role.account}/${role.role}`);
  }
  return ok(null);
}

const isFor = ({ account, role }: Profile, granted: GrantedRole): boolean =>
  !isPattern(granted) && account === granted.account && role === granted.role;
