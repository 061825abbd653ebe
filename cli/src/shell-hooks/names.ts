import { IDENTITY_VARIABLES } from "../identity-variables.ts";

/** What `jcfetch use` takes out of a shell before it sets anything: these would win over the keys, or contradict them. */
export const CLEARED = [...IDENTITY_VARIABLES, "JCFETCH_PROFILE"] as const;

/** All that it may change, and puts back: a region stays where the profile has none. */
export const CHANGED = [...CLEARED, "AWS_REGION", "AWS_DEFAULT_REGION"] as const;
