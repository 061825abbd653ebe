/** Which secrets a deployment gets, and what it costs to change one. */
import { SECRET_NAMES, type SecretName } from "../../worker/src/local/config.ts";

export const isSecretName = (text: string): text is SecretName =>
  (SECRET_NAMES as readonly string[]).includes(text);

/** What everybody has to do after one was overwritten. */
const COST: Record<SecretName, string> = {
  BROKER_SIGNING_KEY:
    "the broker gets another name: every extension must enrol and every terminal be paired again",
  BROKER_ROOT_KEY: "envelopes that wait are lost: each extension leaves new ones within minutes, by itself",
  ENROLMENT_KEY:
    "every extension must enrol again, pairings under way and invites not yet used are over, and grants signed before are refused: terminals must be paired again",
};

/** What overwriting these costs, a line each. Whether they are there yet, only Cloudflare knows. */
export const costsOf = (rotate: readonly SecretName[]): string[] =>
  [...new Set(rotate)].map((name) => `${name}: ${COST[name]}`);

/** Make what is missing; overwrite only what was named. */
export const secretsToMake = (present: readonly string[], rotate: readonly SecretName[]): SecretName[] =>
  SECRET_NAMES.filter((name) => !present.includes(name) || rotate.includes(name));
