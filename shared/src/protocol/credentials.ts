import * as v from "valibot";
import { Sealed } from "../crypto/seal.ts";
import { AccountId, RoleName } from "../domain/ids.ts";
import { Jws } from "./documents.ts";

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(8_192));

/** What is inside `requestCredentials.box`, sealed to the broker's epoch key. */
export const CredentialRequest = v.strictObject({
  grant: Jws,
  envelope: Jws,
  /** The inner lock, after the device has taken off its own. */
  inner: Sealed,
  /** Public key made for this request alone; the answer is sealed to it. */
  rpk: v.pipe(v.string(), v.regex(/^[\w-]{122}$/)),
  account: AccountId,
  role: RoleName,
  mode: v.literal("sealed"),
  /** Of the extension, where the policy asks for one. */
  approval: v.nullable(Jws),
});
export type CredentialRequest = v.InferOutput<typeof CredentialRequest>;

/** What is inside the inner lock. `exp` is the end of the portal session, in seconds. */
export const TokenBox = v.strictObject({
  token: v.pipe(v.string(), v.minLength(1), v.maxLength(6_144)),
  exp: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/** What is inside the sealed answer. */
export const CredentialAnswer = v.strictObject({
  credentials: v.strictObject({
    accessKeyId: Text,
    secretAccessKey: Text,
    sessionToken: Text,
    /** Milliseconds since the epoch, as AWS gives it. */
    expiration: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  }),
  account: AccountId,
  role: RoleName,
  /** Highest revocation number that who answers holds: the broker, or in relay mode the extension. */
  rl: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
export type CredentialAnswer = v.InferOutput<typeof CredentialAnswer>;
