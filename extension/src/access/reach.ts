import { isRegion, portalApiHost } from "@jcfetch/shared/domain/portal";

/** What the browser says that it has granted. */
export interface Reach {
  readonly mayReach: (pattern: string) => Promise<boolean>;
}

/** Of these patterns, those that are not granted. */
export async function missingOf({ mayReach }: Reach, patterns: readonly string[]): Promise<string[]> {
  const granted = await Promise.all(patterns.map(mayReach));
  return patterns.filter((_, at) => !granted[at]);
}

/** [PM1] What a portal needs: its own origin, and the portal API of its region, once that is known. */
export const portalPatterns = (origin: string, region: string | null): string[] => [
  `${origin}/*`,
  ...(region !== null && isRegion(region) ? [`https://${portalApiHost(region)}/*`] : []),
];
