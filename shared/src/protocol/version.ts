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
