import { type Bytes, fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { Secret } from "@jcfetch/shared/secret";
import * as v from "valibot";
import { Jurisdiction } from "./jurisdiction.ts";
import type { KeysObject } from "./keys/object.ts";
import type { MailboxObject } from "./mailbox/object.ts";
import type { RateLimit } from "./middleware/edge-limit.ts";
import type { TicketObject } from "./ticket/object.ts";
import type { VaultObject } from "./vault/object.ts";

/** The bindings as the platform gives them: nothing has been checked yet. */
export interface Bindings {
  readonly VAULT: DurableObjectNamespace<VaultObject>;
  readonly MAILBOX: DurableObjectNamespace<MailboxObject>;
  readonly TICKET: DurableObjectNamespace<TicketObject>;
  /** The first fence of a deployed broker. */
  readonly EDGE_ADDRESS?: RateLimit;
  readonly EDGE_USER?: RateLimit;
  readonly KEYS: DurableObjectNamespace<KeysObject>;
  /** Private P-256 key as JWK: the broker's name is the hash of its public half. */
  readonly BROKER_SIGNING_KEY?: string;
  /** 32 bytes, base64url: wraps the epoch keys, to which requests and inner locks are sealed. */
  readonly BROKER_ROOT_KEY?: string;
  /** 32 bytes, base64url: marks enrolment codes. */
  readonly ENROLMENT_KEY?: string;
  /** Host names the broker answers under, separated by commas. */
  readonly ALLOWED_HOSTS?: string;
  /** Directories whose members may enrol without a code: hashes (`directoryHash`), separated by commas. */
  readonly MEMBER_DIRECTORIES?: string;
  /** Where Cloudflare keeps the objects: `"eu"`, `"fedramp"`, or nothing for anywhere. */
  readonly JURISDICTION?: string;
  /** `"1"`: the loopback names are allowed too, with any port. */
  readonly LOCAL?: string;
}

export interface Config {
  readonly signingKey: Secret<JsonWebKey>;
  readonly rootKey: Secret<Bytes>;
  readonly enrolmentKey: Secret<Bytes>;
  readonly allowedHosts: ReadonlySet<string>;
  readonly memberDirectories: ReadonlySet<string>;
  readonly jurisdiction: Jurisdiction | null;
  readonly local: boolean;
}

const Coordinate = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
const PrivateKey = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, NEVER, addIssue }): unknown => {
    try {
      return JSON.parse(dataset.value);
    } catch {
      addIssue({ message: "not JSON" });
      return NEVER;
    }
  }),
  v.object({
    kty: v.literal("EC"),
    crv: v.literal("P-256"),
    x: Coordinate,
    y: Coordinate,
    d: Coordinate,
  }),
);

const SymmetricKey = v.pipe(
  v.string(),
  v.transform(fromBase64url),
  v.custom<Bytes>((bytes) => bytes instanceof Uint8Array && bytes.length === 32),
);

const DirectoryHash = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));

const listIn = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

/** Check every setting. @errors the names of all settings that are missing or malformed; never their values. */
export function readConfig(env: Bindings): Result<Config, readonly string[]> {
  const signingKey = v.safeParse(PrivateKey, env.BROKER_SIGNING_KEY);
  const rootKey = v.safeParse(SymmetricKey, env.BROKER_ROOT_KEY);
  const enrolmentKey = v.safeParse(SymmetricKey, env.ENROLMENT_KEY);
  const allowedHosts = new Set(listIn(env.ALLOWED_HOSTS).map((host) => host.toLowerCase()));
  const memberDirectories = v.safeParse(v.array(DirectoryHash), listIn(env.MEMBER_DIRECTORIES));
  const jurisdiction = v.safeParse(v.nullable(Jurisdiction), env.JURISDICTION || null);
  const local = env.LOCAL === "1";

  const wrong = Object.entries({
    BROKER_SIGNING_KEY: signingKey.success,
    BROKER_ROOT_KEY: rootKey.success,
    ENROLMENT_KEY: enrolmentKey.success,
    "ALLOWED_HOSTS or LOCAL": local || allowedHosts.size > 0,
    MEMBER_DIRECTORIES: memberDirectories.success,
    JURISDICTION: jurisdiction.success,
    VAULT: env.VAULT !== undefined,
    MAILBOX: env.MAILBOX !== undefined,
    TICKET: env.TICKET !== undefined,
    KEYS: env.KEYS !== undefined,
  }).flatMap(([name, good]) => (good ? [] : [name]));

  if (!signingKey.success || !rootKey.success || !enrolmentKey.success) return err(wrong);
  if (!memberDirectories.success || !jurisdiction.success || wrong.length > 0) return err(wrong);
  return ok({
    signingKey: new Secret(signingKey.output),
    rootKey: new Secret(rootKey.output),
    enrolmentKey: new Secret(enrolmentKey.output),
    allowedHosts,
    memberDirectories: new Set(memberDirectories.output),
    jurisdiction: jurisdiction.output,
    local,
  });
}
