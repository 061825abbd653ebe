import { devices as devicesEndpoint, revoke as revokeEndpoint } from "@jcfetch/shared/protocol/endpoints";
import type { Refusal } from "@jcfetch/shared/protocol/errors";
import { ok, type Result } from "@jcfetch/shared/result";
import type { Connection } from "./broker.ts";
import type { Device, DeviceList, Revoked } from "./device-list.ts";

/**
 * [RV1] Take the right from devices: a signed list with a higher number, and only when the broker has it do they leave
 * our own list. When the broker cannot be reached they stay in it, because they would go on working.
 */
export async function revokeDevices(
  { authority }: Pick<Connection, "authority">,
  list: DeviceList,
  devices: readonly Device[],
): Promise<Result<null, Refusal>> {
  const send = async ({ rl, devices: rows }: Revoked) => {
    const revocations = await authority.signRevocations({
      rl,
      dids: rows.map(({ did }) => did),
      locked: [],
      lock: false,
    });
    return authority.call(revokeEndpoint, { revocations });
  };

  let done = await send(await list.revoke(devices));
  if (!done.ok && done.error.code === "envelope-stale") {
    // Our own number was lost, with the browser's profile for one; the broker knows the last.
    const seen = await authority.call(devicesEndpoint, {});
    if (!seen.ok) return seen;
    done = await send(await list.revoke(devices, seen.value.rl));
  }
  if (!done.ok) return done;
  for (const { did } of devices) await list.remove(did);
  return ok(null);
}
