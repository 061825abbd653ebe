import { err, ok, type Result } from "@jcfetch/shared/result";
import { signOffAgent, tell } from "../agent/control.ts";
import { agentPlace } from "../agent/place.ts";
import type { LogoutFlags } from "../args-session.ts";
import { isLocked } from "../clocks.ts";
import { removeProfiles } from "../config/aws-config.ts";
import { isPaired, removeDevice } from "../config/device-key.ts";
import { prepareFolder, removeEmpty } from "../config/folder.ts";
import { ownFolder } from "../config/paths.ts";
import { findSession, type SsoSession, sessionNames } from "../config/sessions.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { openBrokered } from "../sources/brokered.ts";
import { count } from "../when.ts";

/** Refusals after which the broker gives this terminal nothing any more, which is what was wanted. */
const GONE: readonly string[] = ["unknown", "revoked", "grant-expired"];

/** Take this terminal out of use: here, at the broker, and its own sign-ins. The portal session stays as it is, unless asked. */
export async function logout(flags: LogoutFlags, host: Host): Promise<Result<null, Failure>> {
  if (flags.profiles) {
    const removed = await removeProfiles(host);
    if (!removed.ok) return removed;
    const { value } = removed;
    host.io.note(
      value === 0
        ? "no profile of jcfetch's was there"
        : `removed ${count(value, "profile")} that jcfetch wrote`,
    );
  }
  const forgotten = await forgetSessions(flags, host);
  if (!forgotten.ok) return forgotten;
  if (flags.session !== undefined) return ok(null);
  const left = await leaveBroker(host, forgotten.value > 0);
  if (left.ok && isLocked(host, undefined))
    host.io.note("jcfetch stays locked on this computer, until: jcfetch agent unlock");
  return left;
}

/** [DM11] Our own sign-ins, or one of them; AWS's caches and the portal session only when asked. @returns how many there were. */
async function forgetSessions(flags: LogoutFlags, host: Host): Promise<Result<number, Failure>> {
  const wanted = await sessionsOf(flags, host);
  if (!wanted.ok) return wanted;
  let forgotten = 0;
  for (const session of wanted.value) {
    const had = await forgetSession(session, flags, host);
    if (!had.ok) return had;
    if (!had.value) continue;
    forgotten++;
    host.io.note(`forgot the sign-in of ${session.name}`);
  }
  if (flags.session === undefined) {
    // Of sessions, too, that have gone from the file since.
    const { removeAllTokens } = await import("../sources/direct-store.ts");
    const removed = await removeAllTokens(host);
    if (!removed.ok) return removed;
    if (removed.value > 0)
      host.io.note(`forgot ${count(removed.value, "sign-in")} of what is no session in ~/.aws/config`);
    forgotten += removed.value;
  } else if (forgotten === 0) host.io.note(`nobody was signed in by ${flags.session}`);
  if (flags.awsCaches) {
    const { clearAwsCaches } = await import("../sources/direct-aws-cache.ts");
    const cleared = await clearAwsCaches(host, flags.session === undefined ? "all" : wanted.value);
    if (!cleared.ok) return cleared;
    host.io.note(`removed ${count(cleared.value, "file")} from the AWS CLI's caches`);
  }
  return ok(forgotten);
}

/** One that is not written as it should be has no sign-in. */
async function sessionsOf(
  { session }: LogoutFlags,
  host: Host,
): Promise<Result<readonly SsoSession[], Failure>> {
  if (session !== undefined) {
    const found = await findSession(host, session);
    return found.ok ? ok([found.value]) : found;
  }
  const names = await sessionNames(host);
  if (!names.ok) return names;
  const all = await Promise.all(names.value.map((name) => findSession(host, name)));
  return ok(all.flatMap((found) => (found.ok ? [found.value] : [])));
}

async function forgetSession(
  session: SsoSession,
  { portal, session: onlyThis }: LogoutFlags,
  host: Host,
): Promise<Result<boolean, Failure>> {
  const { openTokenStore } = await import("../sources/direct-store.ts");
  const store = await openTokenStore(host, session);
  if (!store.ok) return store.error.code === "nowhere-to-keep" ? ok(false) : store;
  const held = await store.value.read();
  if (!held.ok) return held;
  if (portal) {
    const { directFor } = await import("../sources/direct.ts");
    const direct = await directFor(host, session);
    const ended = direct.ok ? await direct.value.endPortalSession() : direct;
    if (ended.ok)
      host.io.note(`ended the portal session of ${session.name}: your browser is signed out, too`);
    // What is over already needs no end.
    else if (ended.error.code !== "sso-expired") return err(ended.error);
  }
  if (held.value === undefined) return ok(false);
  const removed = await store.value.alone(() => store.value.signOut());
  if (!removed.ok) return removed;
  // What an agent holds by this sign-in goes with it; another starts when it is wanted. One that keeps the sign-ins has seen it.
  if (onlyThis !== undefined && !store.value.endsWithAgent) await tell(host, agentPlace(host), "stop");
  return ok(true);
}

async function leaveBroker(host: Host, forgotSomething: boolean): Promise<Result<null, Failure>> {
  if (!(await isPaired(host))) {
    await signOffAgent(host);
    await removeEmpty(ownFolder(host));
    if (!forgotSomething)
      host.io.note("this terminal is not paired and nobody is signed in: there is nothing to sign off");
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
