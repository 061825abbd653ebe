import type { Problem } from "./view.ts";

/**
 * What can go wrong inside the extension, in the words the user reads. Refusals by a broker have their words in
 * `@jcfetch/shared/protocol/errors`.
 */
export const PROBLEMS = {
  "signed-out": {
    text: "no access-portal session in this browser",
    next: "sign in at the access portal",
  },
  "sso-expired": {
    text: "your access-portal session has ended",
    next: "sign in at the access portal again",
  },
  "region-unknown": {
    text: "the region of this access portal could not be found",
    next: "open the popup and choose the region",
  },
  "role-not-assigned": {
    text: "AWS says this role is not assigned to you",
    next: "check the role in the access portal; a new assignment takes some minutes",
  },
  throttled: {
    text: "AWS is throttling requests",
    next: "wait a few seconds, then try again",
  },
  offline: {
    text: "AWS does not answer",
    next: "check the network, then try again",
  },
  upstream: {
    text: "AWS did not give a usable answer",
    next: "try again; if it stays, see health.aws.amazon.com",
  },
  clipboard: {
    text: "the browser did not let the clipboard be written",
    next: "try again from the popup",
  },
  "format-refused": {
    text: "these credentials cannot be written in that format",
    next: "choose another format",
  },
  "no-portal": {
    text: "no access portal is known yet",
    next: "open your access portal once, or add its address",
  },
  "not-a-portal": {
    text: "this is not the address of an access portal",
    next: "paste the start URL, such as https://acme.awsapps.com/start",
  },
  "unknown-region": {
    text: "IAM Identity Center has no such region",
    next: "choose one from the list",
  },
  "not-a-console": {
    text: "this is not an address of the AWS console",
    next: "choose a page under console.aws.amazon.com",
  },
  "no-broker": {
    text: "no broker is set up",
    next: "run jcfetch setup in a terminal, or make a code where your broker runs; paste it here",
  },
  permission: {
    text: "the browser has not allowed the extension to reach this address",
    next: "allow it when asked, then try again",
  },
  "unknown-extension": {
    text: "the broker does not know this extension any more",
    next: "make a new code where the broker runs and paste it here",
  },
  "no-pairing": {
    text: "no pairing is going on",
    next: "start again: Terminals, Pair a terminal",
  },
  "no-device": {
    text: "this terminal is no longer in the list",
    next: "open the list again",
  },
  "opens-nothing": {
    text: "this opens none of your roles",
    next: "tick a role, or change the rule",
  },
  "no-question": {
    text: "this request is over",
    next: "run the command again in the terminal",
  },
  "list-full": {
    text: "more terminals were removed or locked than the broker can be told of: all are locked",
    next: "wait until the permissions of removed ones have ended, or forget the broker and connect to it anew",
  },
  "lock-untold": {
    text: "the broker could not be told yet",
    next: "this browser gives nothing any more; the broker is told as soon as it answers",
  },
  "unlock-untold": {
    text: "the broker could not be told yet",
    next: "terminals go on as soon as it answers",
  },
  "too-many-roles": {
    text: "these are more roles than one terminal can be given",
    next: "choose fewer accounts",
  },
  refused: {
    text: "this request does not come from where it may",
    next: "reload the page, or restart the browser",
  },
  "bad-request": {
    text: "the page and the extension are of different versions",
    next: "reload the page",
  },
  bug: {
    text: "the extension failed",
    next: "try again; if it stays, reload the extension",
  },
} as const satisfies Record<string, Omit<Problem, "code">>;

export type ProblemCode = keyof typeof PROBLEMS;

export const problem = (code: ProblemCode): Problem => ({ code, ...PROBLEMS[code] });
