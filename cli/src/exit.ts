import {
  type ErrorCode,
  EXIT,
  errorSpec,
  LOCAL_ERRORS,
  type Refusal,
  WIRE_ERRORS,
} from "@jcfetch/shared/protocol/errors";

export { EXIT } from "@jcfetch/shared/protocol/errors";

/** Reasons that only the command line has, each with its exit code. Append only; a code never changes its meaning. */
const OWN = {
  usage: EXIT.usage,
  "code-in-arguments": EXIT.usage,
  "no-terminal": EXIT.usage,
  "cannot-carry": EXIT.usage,
  "not-paired": EXIT.notPaired,
  "no-code": EXIT.pairingFailed,
  busy: EXIT.tryLater,
  "unknown-profile": EXIT.configuration,
  "foreign-profile": EXIT.configuration,
  "config-broken": EXIT.configuration,
  "cannot-read": EXIT.configuration,
  "device-exposed": EXIT.configuration,
  "device-damaged": EXIT.configuration,
  "cannot-write": EXIT.cannotWrite,
  "audit-broken": EXIT.untrustedAnswer,
  "port-taken": EXIT.configuration,
  "no-workerd": EXIT.configuration,
  "no-host-program": EXIT.configuration,
  "no-keyring": EXIT.configuration,
  "no-service": EXIT.configuration,
  "state-newer": EXIT.configuration,
  "state-damaged": EXIT.configuration,
  "broker-unmade": EXIT.configuration,
  "broker-failed": EXIT.tryLater,
  "setup-elsewhere": EXIT.usage,
  "too-short": EXIT.usage,
  "not-confirmed": EXIT.usage,
  "foreign-session": EXIT.configuration,
  "untrusted-directory": EXIT.configuration,
  "agent-locked": EXIT.locked,
  "agent-away": EXIT.tryLater,
  "agent-failed": EXIT.tryLater,
  "command-not-found": EXIT.notFound,
  "command-not-executable": EXIT.notExecutable,
  "no-port": EXIT.configuration,
  "no-shell-function": EXIT.usage,
  "unknown-session": EXIT.configuration,
  "sessions-exposed": EXIT.configuration,
  "sign-in-refused": EXIT.signInNeeded,
  "sign-in-timeout": EXIT.signInNeeded,
  "sign-in-failed": EXIT.tryLater,
  "nowhere-to-keep": EXIT.cannotWrite,
  "certificate-refused": EXIT.untrustedAnswer,
  "proxy-refused": EXIT.tryLater,
  "not-chosen": EXIT.usage,
  "console-refused": EXIT.tryLater,
  "no-browser": EXIT.configuration,
  "not-shared": EXIT.notAllowed,
} as const;

type OwnCode = keyof typeof OWN;

/** Every code that `--json` can have, with the exit code it comes with. */
export const allCodes = (): readonly (readonly [code: string, exit: number])[] => [
  ...Object.entries({ ...WIRE_ERRORS, ...LOCAL_ERRORS }).map(([code, { exit }]) => [code, exit] as const),
  ...Object.entries(OWN),
];

/** How a command ends that did what it was asked: with 0, or with the exit code that is its answer. */
export type Ending = number | null;

/** Why a command did not do what it was asked: what is wrong, and what to do next. */
export interface Failure {
  readonly code: OwnCode | ErrorCode;
  readonly exit: number;
  /** Lower case, no full stop. */
  readonly title: string;
  readonly next: string;
  /** Also stands in the broker's log. */
  readonly trace?: string;
}

export const fail = (code: OwnCode, title: string, next: string): Failure => ({
  code,
  exit: OWN[code],
  title,
  next,
});

/** A refusal of the broker or of the device's own checks, in the words of the shared table. */
export function failureOf(refusal: Refusal): Failure {
  const { exit, title, next } = errorSpec(refusal.code);
  const { code, trace, retryAfterSeconds } = refusal;
  // [RM10] A browser need not come back by itself.
  const isToWait = retryAfterSeconds !== undefined && code !== "browser-offline";
  return {
    code,
    exit,
    title,
    next: isToWait ? `wait ${Math.ceil(retryAfterSeconds)} s, then try again` : next,
    ...(trace === undefined ? {} : { trace }),
  };
}
