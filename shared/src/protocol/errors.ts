import { type ErrorSpec, EXIT, WIRE_ERRORS } from "./wire-errors.ts";

export { EXIT, WIRE_ERRORS } from "./wire-errors.ts";

/** Refusals that no server sends: the calling program noticed them itself. */
export const LOCAL_ERRORS = {
  "broker-unreachable": {
    exit: EXIT.tryLater,
    title: "the broker does not answer",
    next: "check that it runs and that this host reaches it",
  },
  "answer-refused": {
    exit: EXIT.untrustedAnswer,
    title: "the broker's answer could not be trusted, so it was not used",
    next: "if you did not change the broker, tell your security team; otherwise pair again",
  },
  "code-unreadable": {
    exit: EXIT.pairingFailed,
    title: "that is not a whole pairing code",
    next: "copy it again from the extension with the copy button",
  },
} as const satisfies Record<string, Omit<ErrorSpec, "status">>;

export type WireErrorCode = keyof typeof WIRE_ERRORS;
export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type ErrorCode = WireErrorCode | LocalErrorCode;

export const isWireErrorCode = (text: string): text is WireErrorCode => Object.hasOwn(WIRE_ERRORS, text);

/** Title, next step and exit code of any refusal. */
export const errorSpec = (code: ErrorCode): Omit<ErrorSpec, "status"> =>
  isWireErrorCode(code) ? WIRE_ERRORS[code] : LOCAL_ERRORS[code];

/** A refusal as a caller holds it. */
export interface Refusal {
  readonly code: ErrorCode;
  /** From `Retry-After`, for `rate`, `upstream-throttled`, and `browser-offline` where the browser may be back by then. */
  readonly retryAfterSeconds?: number;
  /** Random id that also stands in the broker's log. */
  readonly trace?: string;
}
