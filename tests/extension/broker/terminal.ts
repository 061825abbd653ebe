import { generateKeys } from "@jcfetch/shared/crypto/keys";
import type { Device } from "@jcfetch/shared/device";
import { type PairedGrant, pairTerminal } from "@jcfetch/shared/joiner";
import type { Grant } from "@jcfetch/shared/protocol/documents";
import type { Refusal } from "@jcfetch/shared/protocol/errors";
import { decodePairingCode } from "@jcfetch/shared/protocol/pairing";
import { ANYWHERE } from "@jcfetch/shared/protocol/policy";
import type { Result } from "@jcfetch/shared/result";
import type { PairingTerms } from "../../../extension/src/messaging/terms.ts";
import { type DeviceExtras, openTestDevice, type TestDevice } from "../../support/clients.ts";
import { ACME } from "../messaging/background-world.ts";

/** What a person chooses who changes nothing but this. */
export const termsFor = (over: Partial<PairingTerms>): PairingTerms => ({
  portal: ACME,
  roles: [],
  rules: [],
  mode: "sealed",
  ask: [],
  sensitive: [],
  unattended: false,
  maxCredentialSeconds: 43_200,
  maxPerMinute: 120,
  networks: ANYWHERE,
  lifetimeSeconds: 86_400,
  name: "thinkpad",
  ...over,
});

export const LAPTOP = { host: "thinkpad", osUser: "ana", os: "linux", ssh: false, version: "0.1.0" };

type Outcome = Promise<Result<PairedGrant, Refusal>>;

/** A terminal that has joined with the code and shows its words. */
export async function joinTerminal(text: string) {
  const code = await decodePairingCode(text);
  if (!code) throw new Error("not a whole code");
  const keys = { signing: await generateKeys("sign"), agreement: await generateKeys("agree") };
  const ports = { url: code.url, fetch, timeoutMs: 15_000, now: Date.now };
  let outcome: Outcome | undefined;
  const words = await new Promise<readonly string[]>((resolve, reject) => {
    outcome = pairTerminal(code, keys, LAPTOP, ports, { words: resolve, waiting: () => undefined });
    outcome.then((ended) => reject(new Error(ended.ok ? "no words were shown" : ended.error.code)), reject);
  });

  return {
    words,
    outcome: outcome!,
    /** Once it is paired. */
    async device(extras: DeviceExtras = {}): Promise<Device> {
      const { device } = await this.parts(extras);
      return device;
    },
    /** The same with all its pieces, so that a test can put one of them wrong. */
    async parts(extras: DeviceExtras = {}): Promise<TestDevice> {
      const paired = await outcome!;
      if (!paired.ok) throw new Error(paired.error.code);
      const { jws, grant } = paired.value;
      const { did, Dsig, Dkem, bid } = grant;
      const at = { url: code.url, bid, now: Date.now };
      return openTestDevice({ ...keys, keys: { did, Dsig, Dkem } }, jws, at, extras);
    },
  };
}

export async function grantOf(outcome: Outcome): Promise<Grant> {
  const paired = await outcome;
  if (!paired.ok) throw new Error(paired.error.code);
  return paired.value.grant;
}
