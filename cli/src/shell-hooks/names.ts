/** What `jcfetch use` takes out of a shell before it sets anything: these would win over the keys, or contradict them. */
export const CLEARED = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "JCFETCH_PROFILE",
] as const;

/** All that it may change, and puts back: a region stays where the profile has none. */
export const CHANGED = [...CLEARED, "AWS_REGION", "AWS_DEFAULT_REGION"] as const;
