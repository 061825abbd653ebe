import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Device, type DevicePorts, openDevice } from "@jcfetch/shared/device";
import type { Refusal } from "@jcfetch/shared/protocol/errors";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { nextCounter } from "../config/counter.ts";
import { damaged, readDevice, type StoredDevice } from "../config/device-key.ts";
import { ownFolder } from "../config/paths.ts";
import { writeWhole } from "../config/replace-file.ts";
import { type Failure, failureOf } from "../exit.ts";
import type { Host } from "../host.ts";

/** One call to the broker, and all calls of one command together, take no longer. */
const CALL_MS = 12_000;
const ALL_MS = 20_000;

/** Credentials by way of the broker, which opens the portal session for one call at a time. */
export interface Sealed {
  readonly url: string;
  readonly grant: Device["grant"];
  credentials: Call<Device["credentials"]>;
  session: Call<Device["session"]>;
  leave: Call<Device["leave"]>;
}

type Call<F> = F extends (...args: infer A) => Promise<Result<infer T, Refusal>>
  ? (...args: A) => Promise<Result<T, Failure>>
  : never;

export async function openSealed(host: Host): Promise<Result<Sealed, Failure>> {
  const stored = await readDevice(host);
  if (!stored.ok) return stored;
  const device = await openDevice(stored.value.identity, portsOf(host, stored.value));
  if (!device) return err(damaged(host));
  const { url } = stored.value;
  const told = inPlace(url, device.grant.policy.start);
  return ok({
    url,
    grant: device.grant,
    credentials: (want) => answered(device.credentials(want), told),
    session: () => answered(device.session(), told),
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

function portsOf(host: Host, { url }: StoredDevice): DevicePorts {
  const folder = ownFolder(host);
  const keyset = join(folder, "keyset.jws");
  const all = AbortSignal.timeout(ALL_MS);
  return {
    url,
    fetch: (input, init) =>
      host.fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, all]) : all }),
    timeoutMs: CALL_MS,
    now: host.now,
    nextCounter: async () => {
      const next = await nextCounter(folder, host.now);
      if (!next.ok) throw new Stopped(next.error);
      return next.value;
    },
    // Public, verified before each use, and only there to save a call: what goes wrong with it is of no consequence.
    loadKeyset: () => readFile(keyset, "utf8").catch(() => undefined),
    saveKeyset: async (jws) => void (await writeWhole(keyset, Buffer.from(jws), { mode: 0o600 })),
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

/** `https://acme.awsapps.com/start` → `acme`. */
export const portalName = (startUrl: string): string => new URL(startUrl).hostname.split(".")[0]!;
