import { type JoinerVoice, pairTerminal } from "@jcfetch/shared/joiner";
import { brokerAddress } from "@jcfetch/shared/protocol/enrolment";
import { decodePairingCode, type PairingCode } from "@jcfetch/shared/protocol/pairing";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type EpochMs, MINUTE_MS, SECOND_MS, toMs } from "@jcfetch/shared/time";
import { deviceSealing, isPaired, newKeys, writeDevice } from "../config/device-key.ts";
import { tryFolder } from "../config/folder.ts";
import { ownFolder } from "../config/paths.ts";
import type { Sealing } from "../config/sealing.ts";
import { type Failure, fail, failureOf } from "../exit.ts";
import type { Host } from "../host.ts";
import { portalName } from "../portal-name.ts";
import { openBrokered } from "../sources/brokered.ts";
import { terminalInfo } from "../terminal-info.ts";
import { ticker } from "../ticker.ts";
import { count, until } from "../when.ts";

const CODE_WITHIN_MS = 5 * MINUTE_MS;
/** The broker holds a call for up to ten seconds while it waits for the browser. */
const CALL_MS = 15 * SECOND_MS;

/**
 * Join this terminal to a user of a broker: code in, words out, grant in.
 *
 * @param flags.broker where this host reaches the broker, if not where the code says; which one it is, the code says.
 * @param flags.keyring the system's keyring is to guard the terminal's keys [CL8].
 */
export async function pair(
  { broker, keyring }: { readonly broker?: string; readonly keyring: boolean },
  host: Host,
): Promise<Result<null, Failure>> {
  const address = broker === undefined ? undefined : brokerAddress(broker);
  if (broker !== undefined && address === undefined) return err(badAddress);
  // First, because a code is good for one try: what cannot be kept must not be fetched.
  const prepared = await tryFolder(ownFolder(host));
  if (!prepared.ok) return prepared;
  const sealing = keyring ? await deviceSealing(host) : undefined;
  if (sealing && !sealing.ok) return sealing;
  const code = await askCode(host);
  if (!code.ok) return code;

  // [CL7] Nothing that decides anything depends on the address: the keyset must be of the code's broker.
  const url = address ?? code.value.url;
  const waiting = ticker(host);
  const voice = {
    words: (words: readonly string[]) =>
      host.io.note(`Type these three words into the extension:   ${words.join("  ")}`),
    waiting: (until: EpochMs) => waiting.wait("Waiting for your approval in the browser", until),
  };
  const paired = await pairWith(code.value, { url, voice, ...(sealing && { sealing: sealing.value }) }, host);
  waiting.stop();
  if (!paired.ok) return paired;
  host.io.note("Next: jcfetch configure");
  return ok(null);
}

interface Talk {
  /** Where this host reaches the broker. */
  readonly url: string;
  readonly voice: JoinerVoice;
  /** Until when the extension may still open the mailbox; without it, it is open. */
  readonly openedUntilMs?: EpochMs;
  /** Without it the keys lie in the file as they are. */
  readonly sealing?: Sealing;
}

/** The talk with the extension, and what comes of it: keys and grant on the disk, and the terminal before them signed off. */
export async function pairWith(
  { m, s, bid }: Pick<PairingCode, "m" | "s" | "bid">,
  { url, voice, openedUntilMs, sealing }: Talk,
  host: Host,
): Promise<Result<null, Failure>> {
  const before = (await isPaired(host)) ? await openBrokered(host) : undefined;
  const keys = await newKeys();
  const ports = {
    ...{ url, fetch: host.fetch, timeoutMs: CALL_MS, now: host.now },
    ...(openedUntilMs === undefined ? {} : { openedUntilMs }),
  };
  const paired = await pairTerminal({ m, s, bid, url }, keys, terminalInfo(host), ports, voice);
  if (!paired.ok) {
    const failure = failureOf(paired.error);
    return err(failure.code === "broker-unreachable" ? { ...failure, ...unreachable(url) } : failure);
  }

  const { jws, grant } = paired.value;
  const written = await writeDevice(host, keys, { grant: jws, url }, sealing);
  if (!written.ok) return written;
  // The terminal that these keys take the place of would stay in the list for ever; if it does, the user sees it there.
  if (before?.ok) await before.value.leave();

  const roles = count(grant.policy.allow.flatMap((entry) => entry.roles).length, "role");
  const portal = portalName(grant.policy.start);
  host.io.note(
    `Paired. This terminal is "${grant.name}" at ${portal}: ${roles}, until ${until(toMs(grant.exp), host.now())}.`,
  );
  return ok(null);
}

const badAddress = fail(
  "usage",
  "--broker takes an https address, or http with a literal loopback address, and no path",
  "for example http://127.0.0.1:8788; see jcfetch help pair",
);

/** A loopback address in a code is the browser's machine, which need not be this one. */
function unreachable(url: string): Partial<Failure> {
  const title = `the broker at ${url} does not answer`;
  const { hostname, port } = new URL(url);
  if (!["127.0.0.1", "[::1]", "localhost"].includes(hostname)) return { title };
  const forward = `ssh -R ${port}:${hostname}:${port}`;
  return {
    title,
    next: `start it; or, if it runs on another computer, come from there with ${forward} and pair again (jcfetch help pair)`,
  };
}

/** The codes that go the other way: into the extension. */
function forExtension(kind: string): Partial<Failure> {
  const title =
    kind === "jcs1"
      ? "that is the code of jcfetch setup, which waits for it in the extension"
      : "that is a code that connects an extension with a broker; it pairs no terminal";
  const next =
    kind === "jcs1"
      ? "paste it into the extension, under Terminals; nothing is to be done here"
      : "paste it into the extension, under Terminals; then Pair a terminal there, and jcfetch pair here";
  return { title, next };
}

async function askCode(host: Host): Promise<Result<PairingCode, Failure>> {
  const question = "Paste the code from the extension (Terminals → Pair a terminal): ";
  const asked = await host.io.ask(question, { hidden: true, withinMs: CODE_WITHIN_MS });
  if (asked.kind !== "answer") {
    const why = asked.kind === "timeout" ? "no code came within five minutes" : "no code was given";
    return err(
      fail("no-code", why, "make one in the extension: Terminals, Pair a terminal; then jcfetch pair"),
    );
  }
  const code = await decodePairingCode(asked.text);
  if (code) return ok(code);
  const kind = /^\s*(jc[bms]1)_/.exec(asked.text)?.[1];
  return err({ ...failureOf({ code: "code-unreadable" }), ...(kind ? forExtension(kind) : {}) });
}
