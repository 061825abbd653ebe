import { isRegion, type Region } from "@jcfetch/shared/domain/portal";

export interface RegionSources {
  /** Confirmed by AWS for this portal before. */
  readonly confirmed?: string | undefined;
  /** Told by the page, most reliable first. Untrusted. */
  readonly hints: readonly string[];
  /** In the host name, on the newer hosts. */
  readonly host?: string | undefined;
  /** Entered by the user. */
  readonly entered?: string | undefined;
}

/**
 * [EX5] Regions worth asking, in order, each once. Only members of the table survive, so a hint can never choose a host
 * outside AWS; and no region is tried that nobody named: the token is not carried around the world on a guess.
 */
export function regionCandidates({ confirmed, hints, host, entered }: RegionSources): Region[] {
  const named = [confirmed, ...hints, host, entered];
  return [...new Set(named.filter((text): text is Region => text !== undefined && isRegion(text)))];
}

/** Whether an answer "not valid here" means that the session is over, or only that the region may be wrong. */
export const isReliable = ({ confirmed, hints, host }: RegionSources): boolean =>
  regionCandidates({ confirmed, hints, host }).length > 0;
