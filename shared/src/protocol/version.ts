/**
 * Version of the wire protocol. The suite (P-256, HPKE base mode, ES256) is implied by it; nothing is negotiated.
 * Two versions overlap for at least 90 days, and the floor only rises.
 */
export const PROTOCOL_VERSION = 1;

export const CONTENT_TYPE = "application/jc+json";
export const PROBLEM_TYPE = "application/problem+json";

export const HEADERS = { version: "JC-Version", user: "JC-User", proof: "JC-Proof" } as const;

/** A request's body may have this many bytes; more is refused after reading no further than that. */
export const MAX_BODY_BYTES = 16_384;

/** A request's time may differ from the broker's by this much. */
export const MAX_SKEW_SECONDS = 60;

/** A new epoch key is made this often; what is sealed is sealed to the newest. */
export const EPOCH_SECONDS = 86_400;

/** An epoch key opens for this long after it was made, then it is destroyed: 12 h longer than it is sealed to. */
export const EPOCH_LIFE_SECONDS = 129_600;

/** An envelope is good for this long at the most. */
export const MAX_ENVELOPE_SECONDS = 43_200;

/** How long a pairing code can be joined. */
export const CODE_LIFETIME_SECONDS = 120;

/** How long the user has for words and roles once a code was joined. */
export const APPROVAL_LIFETIME_SECONDS = 300;

/** How long a person is asked for one request. */
export const ASK_SECONDS = 60;

/** A client mends its clock by up to this much, once, from the signed time of the keyset; beyond it a person must. */
export const MAX_CLOCK_CORRECTION_SECONDS = 600;
