import {
  createToken,
  type DeviceAuthorization,
  type Registration,
  registerClient,
  startDeviceAuthorization,
} from "@jcfetch/shared/aws/oidc-client";
import { err, type Result } from "@jcfetch/shared/result";
import { SECOND_MS } from "@jcfetch/shared/time";
import type { Failure } from "../exit.ts";
import { awsFailure, tooLate } from "../sources/direct-failures.ts";
import { CLIENT_NAME, type SignedIn, type SigningIn, signedIn, WAIT_MS } from "./signing-in.ts";

/** @source RFC 8628 §3.5: with every `slow_down` five seconds more, for good. */
const SLOWER_BY_MS = 5 * SECOND_MS;

/**
 * [DM1] The person opens an address in any browser, on any computer, and compares a code.
 *
 * @errors `sign-in-refused`, `sign-in-timeout`, `sign-in-failed`, and AWS's own.
 */
export async function signInByCode(around: SigningIn): Promise<Result<SignedIn, Failure>> {
  const { session, ports, show } = around;
  const registration = await registerClient(session, { name: CLIENT_NAME, flow: "device-code" }, ports());
  if (!registration.ok) return err(awsFailure(registration.error));
  const device = await startDeviceAuthorization(session, registration.value, ports());
  if (!device.ok) return err(awsFailure(device.error));
  await show({ url: device.value.urlWithCode, code: device.value.userCode });
  return poll(around, registration.value, device.value);
}

async function poll(
  { host, session, ports, pause }: SigningIn,
  registration: Registration,
  { deviceCode, expiresInMs, intervalMs }: DeviceAuthorization,
): Promise<Result<SignedIn, Failure>> {
  let leftMs = Math.min(expiresInMs, WAIT_MS);
  let waitMs = intervalMs;
  while (waitMs <= leftMs) {
    await pause(waitMs);
    leftMs -= waitMs;
    const atMs = host.now();
    const got = await createToken(session, registration, { kind: "device", deviceCode }, ports());
    if (got.ok) return signedIn(got, registration, atMs);
    switch (got.error.code) {
      case "pending":
      case "unreachable":
        break; // a network that goes away for a moment refuses nothing
      case "slow-down":
      case "throttled":
        waitMs += SLOWER_BY_MS;
        break;
      case "expired":
        return err(tooLate);
      default:
        return err(awsFailure(got.error));
    }
  }
  return err(tooLate);
}
