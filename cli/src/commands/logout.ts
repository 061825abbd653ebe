import { ok, type Result } from "@jcfetch/shared/result";
import { signOffAgent } from "../agent/control.ts";
import { removeProfiles } from "../config/aws-config.ts";
import { isPaired, removeDevice } from "../config/device-key.ts";
import { prepareFolder } from "../config/folder.ts";
import { ownFolder } from "../config/paths.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { openBrokered } from "../sources/brokered.ts";
import { count } from "../when.ts";

/** Refusals after which the broker gives this terminal nothing any more, which is what was wanted. */
const GONE: readonly string[] = ["unknown", "revoked", "grant-expired"];

/** Take this terminal out of use, here and at the broker. The portal session in the browser stays as it is. */
export async function logout(
  { profiles }: { readonly profiles: boolean },
  host: Host,
): Promise<Result<null, Failure>> {
  if (profiles) {
    const removed = await removeProfiles(host);
    if (!removed.ok) return removed;
    const { value } = removed;
    host.io.note(
      value === 0
        ? "no profile of jcfetch's was there"
        : `removed ${count(value, "profile")} that jcfetch wrote`,
    );
  }
  if (!(await isPaired(host))) {
    host.io.note("this terminal is not paired, so there is nothing to sign off");
    return ok(null);
  }
  const prepared = await prepareFolder(ownFolder(host));
  if (!prepared.ok) return prepared;

  const device = await openBrokered(host);
  const left = device.ok ? await device.value.leave() : device;
  await signOffAgent(host);
  const removed = await removeDevice(host);
  if (!removed.ok) return removed;
  if (left.ok || GONE.includes(left.error.code)) {
    host.io.note("signed off: this terminal's keys are removed, and the broker has dropped it");
  } else {
    host.io.note(`this terminal's keys are removed, but the broker was not told: ${left.error.title}`);
    host.io.note("  → remove this terminal in the extension too, under Terminals");
  }
  return ok(null);
}
