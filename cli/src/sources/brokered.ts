import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deviceIdOf, exportPublicKey } from "@jcfetch/shared/crypto/keys";
import { type Device, type DevicePorts, openDevice } from "@jcfetch/shared/device";
import type { AskVoice } from "@jcfetch/shared/device-asking";
import { requestApproval, requestRelay } from "@jcfetch/shared/protocol/endpoints";
import type { Refusal } from "@jcfetch/shared/protocol/errors";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { voiceOf } from "../asking.ts";
import { nextCounter } from "../config/counter.ts";
import { damaged, readDevice, type StoredDevice } from "../config/device-key.ts";
import { ownFolder } from "../config/paths.ts";
import { writeWhole } from "../config/replace-file.ts";
import { readSeen, saveSeen } from "../config/seen.ts";
import { type Failure, failureOf } from "../exit.ts";
import type { Host } from "../host.ts";
import { portalName } from "../portal-name.ts";

/** One call to the broker, and all calls of one command together, take no longer. */
const CALL_MS = 12_000;
const ALL_MS = 20_000;

/** These wait for a browser, perhaps for a person: each has a limit of its own. */
const PATIENT: readonly string[] = [requestRelay.path, requestApproval.path];

/** Credentials by way of the broker: it opens the portal session for one call, or passes the call on to the browser. */
export interface Brokered {
  readonly url: string;
  readonly grant: Device["grant"];
  credentials: Call<Device["credentials"]>;
  session: Call<Device["session"]>;
  browser: Call<Device["browser"]>;
  audit: Call<Device["audit"]>;
  leave: Call<Device["leave"]>;
}

type Call<F> = F extends (...args: infer A) => Promise<Result<infer T, Refusal>>
  ? (...args: A) => Promise<Result<T, Failure>>
  : never;

/** @param voice who is asked where the policy wants it; without it, the person at this terminal. */
export async function openBrokered(
  host: Host,
  voice: () => AskVoice = () => voiceOf(host),
): Promise<Result<Brokered, Failure>> {
  const stored = await readDevice(host);
  if (!stored.ok) return stored;
  const device = await openDevice(stored.value.identity, portsOf(host, stored.value, voice));
  if (!device) return err(damaged(host));
  const { url } = stored.value;
  const told = inPlace(url, device.grant.policy.start);
  return ok({
    url,
    grant: device.grant,
    credentials: (want) => answered(device.credentials(want), told),
    session: () => answered(device.session(), told),
    browser: () => answered(device.browser(), told),
    audit: (after, limit) => answered(device.audit(after, limit), told),
    leave: () => answered(device.leave(), told),
  });
}

/** A failure below the protocol that stops a call in its middle. Never leaves this file. */
class Stopped extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.title);
    this.failure = failure;
  }
}

async function answered<T>(
  call: Promise<Result<T, Refusal>>,
  told: (refusal: Refusal) => Failure,
): Promise<Result<T, Failure>> {
  try {
    const answer = await call;
    return answer.ok ? answer : err(told(answer.error));
  } catch (error) {
    if (error instanceof Stopped) return err(error.failure);
    throw error;
  }
}

function portsOf(host: Host, { url, identity }: StoredDevice, voice: () => AskVoice): DevicePorts {
  const folder = ownFolder(host);
  const keyset = join(folder, "keyset.jws");
  const did = async () => deviceIdOf(await exportPublicKey(identity.signing.publicKey));
  const orStop = <T>(result: Result<T, Failure>): T => {
    if (!result.ok) throw new Stopped(result.error);
    return result.value;
  };
  return {
    url,
    fetch: withinTime(host.fetch),
    timeoutMs: CALL_MS,
    now: host.now,
    voice,
    nextCounter: async () => orStop(await nextCounter(folder, host.now)),
    loadSeen: async () => orStop(await readSeen(folder, await did())),
    saveSeen: async (seen, presented) => void orStop(await saveSeen(folder, await did(), seen, presented)),
    // Public, verified before each use, and only there to save a call: what goes wrong with it is of no consequence.
    loadKeyset: () => readFile(keyset, "utf8").catch(() => undefined),
    saveKeyset: async (jws) => void (await writeWhole(keyset, Buffer.from(jws), { mode: 0o600 })),
  };
}

/** [CL6] All calls of one command together; while the browser answers, time stands still. */
function withinTime(fetch: Host["fetch"]): Host["fetch"] {
  let all = AbortSignal.timeout(ALL_MS);
  return async (input, init) => {
    if (!PATIENT.includes(new URL(String(input)).pathname)) {
      return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, all]) : all });
    }
    try {
      return await fetch(input, init);
    } finally {
      all = AbortSignal.timeout(ALL_MS);
    }
  };
}

/** The same refusals, naming the broker and the portal they are about. */
function inPlace(url: string, startUrl: string): (refusal: Refusal) => Failure {
  return (refusal) => {
    const failure = failureOf(refusal);
    switch (refusal.code) {
      case "broker-unreachable":
        return { ...failure, title: `the broker at ${url} does not answer` };
      case "sso-expired":
        return {
          ...failure,
          title: `your access-portal session at ${portalName(startUrl)} has ended`,
          next: `sign in at ${startUrl}, then run the command again`,
        };
      case "no-session":
        return { ...failure, next: `sign in at ${startUrl} in the browser with the extension` };
      default:
        return failure;
    }
  };
}
