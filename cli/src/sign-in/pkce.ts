import { authorizeUrl, createToken, registerClient } from "@jcfetch/shared/aws/oidc-client";
import { base64url, sha256, utf8 } from "@jcfetch/shared/crypto/encoding";
import { err, type Result } from "@jcfetch/shared/result";
import { Secret } from "@jcfetch/shared/secret";
import type { Failure } from "../exit.ts";
import { awsFailure, tooLate } from "../sources/direct-failures.ts";
import { openCallback } from "./callback.ts";
import { CLIENT_NAME, type SignedIn, type SigningIn, signedIn, WAIT_MS } from "./signing-in.ts";

/**
 * [DM1] The browser goes to AWS with a challenge and comes back with a code, which only the holder of the verifier can use.
 *
 * @errors `sign-in-refused`, `sign-in-timeout`, `sign-in-failed`, and AWS's own.
 */
export async function signInByBrowser(around: SigningIn): Promise<Result<SignedIn, Failure>> {
  const { host, session, ports, pause, show } = around;
  const registration = await registerClient(session, { name: CLIENT_NAME, flow: "pkce" }, ports());
  if (!registration.ok) return err(awsFailure(registration.error));
  const verifier = new Secret(randomText());
  const state = randomText();
  const callback = await openCallback(state, host);
  try {
    const { redirectUri } = callback;
    const challenge = base64url(await sha256(utf8(verifier.reveal())));
    const { clientId } = registration.value;
    await show({ url: authorizeUrl(session, { clientId, redirectUri, state, challenge }) });
    const answer = await within(callback.answer, pause);
    if (answer === undefined) return err(tooLate);
    if (answer.kind === "refused") return err(awsFailure({ code: "denied" }));
    const atMs = host.now();
    const grant = { kind: "code", code: answer.code, verifier, redirectUri } as const;
    const tokens = await createToken(session, registration.value, grant, ports());
    return signedIn(tokens, registration.value, atMs);
  } finally {
    callback.close();
  }
}

const RANDOM_BYTES = 32;

/** 43 characters: the least that a verifier may have. @source RFC 7636 §4.1 */
const randomText = (): string => base64url(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)));

/** @returns `undefined` when nobody came. */
async function within<T>(awaited: Promise<T>, pause: SigningIn["pause"]): Promise<T | undefined> {
  const stop = new AbortController();
  const over = pause(WAIT_MS, stop.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([awaited, over]);
  } finally {
    stop.abort();
  }
}
