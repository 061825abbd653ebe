/**
 * The one table of refusals: code → HTTP status → exit code of `jcfetch` → what the person does next.
 * Append only; a code never changes its meaning. docs/protocol.md §Errors lists the same rows.
 */
export interface ErrorSpec {
  readonly status: number;
  /** Exit code of the command line. */
  readonly exit: number;
  /** What is wrong: lower case, no full stop. */
  readonly title: string;
  /** The next step, as a sentence fragment after an arrow. */
  readonly next: string;
}

/** Exit codes by kind, so that a script can tell what to do without reading text. Append only. */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  notPaired: 3,
  locked: 4,
  notAllowed: 5,
  signInNeeded: 6,
  tryLater: 7,
  pairingFailed: 8,
  untrustedAnswer: 9,
  configuration: 10,
  cannotWrite: 11,
  commandsFailed: 12,
  /** As shells have them. */
  notExecutable: 126,
  notFound: 127,
} as const;

/** Refusals the broker sends. */
export const WIRE_ERRORS = {
  "bad-request": {
    status: 400,
    exit: EXIT.usage,
    title: "the broker could not read the request",
    next: "update jcfetch and the extension to the same version",
  },
  host: {
    status: 421,
    exit: EXIT.usage,
    title: "the broker does not answer under this host name",
    next: "use the address that the pairing code carried",
  },
  origin: {
    status: 403,
    exit: EXIT.usage,
    title: "requests from this origin are refused",
    next: "use the extension that was enrolled with this broker",
  },
  type: {
    status: 415,
    exit: EXIT.usage,
    title: "the request has the wrong content type",
    next: "update jcfetch and the extension to the same version",
  },
  "too-large": {
    status: 413,
    exit: EXIT.usage,
    title: "the request is larger than 16 KiB",
    next: "pair this terminal again with fewer roles",
  },
  version: {
    status: 426,
    exit: EXIT.usage,
    title: "the broker speaks another version of the protocol",
    next: "update jcfetch and the extension to the same version",
  },
  "not-found": {
    status: 404,
    exit: EXIT.usage,
    title: "the broker has no such endpoint",
    next: "update jcfetch and the extension to the same version",
  },
  method: {
    status: 405,
    exit: EXIT.usage,
    title: "the broker answers POST only",
    next: "update jcfetch and the extension to the same version",
  },
  unknown: {
    status: 401,
    exit: EXIT.notPaired,
    title: "the broker does not know this terminal",
    next: "pair it: jcfetch pair",
  },
  revoked: {
    status: 401,
    exit: EXIT.notPaired,
    title: "this terminal was removed in the extension",
    next: "pair it again: jcfetch pair",
  },
  "grant-expired": {
    status: 401,
    exit: EXIT.notPaired,
    title: "this terminal's permission has run out",
    next: "pair it again: jcfetch pair",
  },
  "clock-skew": {
    status: 401,
    exit: EXIT.notPaired,
    title: "the clocks of this host and of the broker differ by more than a minute",
    next: "set the clock of this host, then try again",
  },
  replay: {
    status: 409,
    exit: EXIT.tryLater,
    title: "the broker has seen this request before",
    next: "run the command again",
  },
  "epoch-unknown": {
    status: 409,
    exit: EXIT.tryLater,
    title: "the broker's key has changed",
    next: "run the command again",
  },
  "envelope-stale": {
    status: 409,
    exit: EXIT.tryLater,
    title: "a newer sign-in has replaced this one",
    next: "run the command again",
  },
  locked: {
    status: 423,
    exit: EXIT.locked,
    title: "this terminal is locked",
    next: "unlock it in the extension, under Terminals",
  },
  fork: {
    status: 423,
    exit: EXIT.locked,
    title: "this terminal's keys are in use in two places, so it was locked",
    next: "find out who copied them; then remove this terminal in the extension and run jcfetch pair",
  },
  "state-regressed": {
    status: 423,
    exit: EXIT.locked,
    title: "the broker knows less than it did before: its storage was set back",
    next: "ask who runs the broker; if that was meant, confirm it in the extension, under Terminals",
  },
  network: {
    status: 403,
    exit: EXIT.notAllowed,
    title: "this terminal may not ask from this network",
    next: "go back to a network it was paired for, or pair again",
  },
  policy: {
    status: 403,
    exit: EXIT.notAllowed,
    title: "this terminal was not given that role",
    next: "see what it may use: jcfetch profiles; to change it, pair again",
  },
  "needs-approval": {
    status: 403,
    exit: EXIT.notAllowed,
    title: "that role asks for your approval each time, and no terminal is there to show the number",
    next: "run the command in a terminal, or allow it in the extension when you pair",
  },
  "approval-refused": {
    status: 403,
    exit: EXIT.notAllowed,
    title: "the request was refused in the browser",
    next: "if that was a slip, run the command again; three refusals lock this terminal",
  },
  "approval-timeout": {
    status: 403,
    exit: EXIT.notAllowed,
    title: "nobody approved the request within a minute",
    next: "run the command again, and type the number into the extension",
  },
  "approval-busy": {
    status: 409,
    exit: EXIT.tryLater,
    title: "another request is waiting for your approval",
    next: "answer that one in the extension, then run the command again",
  },
  "browser-offline": {
    status: 424,
    exit: EXIT.signInNeeded,
    title: "your browser is away, or its extension locked, and this role needs it",
    next: "open the browser, and unlock the extension if it is locked; then run the command again",
  },
  "credential-too-long": {
    status: 403,
    exit: EXIT.notAllowed,
    title: "AWS issued credentials that live longer than this terminal may hold",
    next: "lower the permission set's session duration in IAM Identity Center",
  },
  "role-not-assigned": {
    status: 403,
    exit: EXIT.notAllowed,
    title: "AWS says this role is not assigned to you",
    next: "check the account and the role in the access portal; a new assignment takes some minutes",
  },
  "no-session": {
    status: 424,
    exit: EXIT.signInNeeded,
    title: "the browser has not handed over a portal session yet",
    next: "sign in at the access portal in the browser with the extension",
  },
  "sso-expired": {
    status: 424,
    exit: EXIT.signInNeeded,
    title: "your access-portal session has ended",
    next: "sign in at the access portal; then run the command again",
  },
  rate: {
    status: 429,
    exit: EXIT.tryLater,
    title: "too many requests from this terminal",
    next: "wait a minute, then try again",
  },
  "upstream-throttled": {
    status: 503,
    exit: EXIT.tryLater,
    title: "AWS is throttling requests",
    next: "wait a few seconds, then try again",
  },
  upstream: {
    status: 502,
    exit: EXIT.tryLater,
    title: "AWS did not give a usable answer",
    next: "try again; if it stays, see https://health.aws.amazon.com",
  },
  "pairing-unknown": {
    status: 410,
    exit: EXIT.pairingFailed,
    title: "no pairing waits under this code",
    next: "start again in the extension: Terminals, Pair a terminal",
  },
  "pairing-expired": {
    status: 410,
    exit: EXIT.pairingFailed,
    title: "the pairing code has expired",
    next: "start again in the extension: Terminals, Pair a terminal",
  },
  "pairing-joined": {
    status: 410,
    exit: EXIT.pairingFailed,
    title: "the pairing code was used twice, so it was destroyed",
    next: "if that was not you, somebody saw the code; start again in the extension",
  },
  "pairing-refused": {
    status: 410,
    exit: EXIT.pairingFailed,
    title: "the pairing was stopped in the extension",
    next: "start again in the extension: Terminals, Pair a terminal",
  },
  "pairing-words": {
    status: 410,
    exit: EXIT.pairingFailed,
    title: "the three words did not match, so the pairing was stopped",
    next: "start again; if it happens twice, somebody is listening: tell your security team",
  },
  "pairing-limit": {
    status: 429,
    exit: EXIT.pairingFailed,
    title: "five pairings were started within an hour",
    next: "wait until the hour is over",
  },
  "device-limit": {
    status: 403,
    exit: EXIT.pairingFailed,
    title: "this user has 256 terminals already",
    next: "remove some in the extension, under Terminals",
  },
  "enrolment-refused": {
    status: 401,
    exit: EXIT.notPaired,
    title: "the enrolment code is wrong, used or older than ten minutes",
    next: "make a new code where the broker runs",
  },
  "not-a-member": {
    status: 403,
    exit: EXIT.notPaired,
    title: "this broker does not admit the members of your directory",
    next: "sign in at the access portal it is for, or ask whoever runs it for an enrolment code",
  },
  internal: {
    status: 500,
    exit: EXIT.bug,
    title: "the broker failed",
    next: "try again; if it stays, look at the broker's log",
  },
} as const satisfies Record<string, ErrorSpec>;
