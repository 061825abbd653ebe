/**
 * What the parts that we ship may weigh, in bytes. tests/house holds the built parts to them, and bench/run.ts prints
 * both. Raise one only with the reason in the commit that does.
 */
export const SIZE_BUDGETS = {
  /** Runs in every access-portal page. */
  contentScript: 25_000,
  /** All script that the popup loads. */
  popup: 120_000,
  /** gzip: what Cloudflare counts. The AWS SDK, which the broker does without, would double it. */
  workerGzip: 68_000,
  /** `jcfetch.mjs`: Node reads and compiles it at every start; all that a command needs which the agent answers. */
  cliWarmPath: 60_000,
  /** `jcfetch.mjs` and everything in `parts/`, of which no command loads more than a part; a third is the AWS SDK. */
  cliBundle: 690_000,
} as const;
