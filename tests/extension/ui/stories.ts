import "../words.ts";
import type { PairingView } from "../../../extension/src/messaging/view.ts";
import type { UiState } from "../../../extension/src/ui/state.ts";
import { BROKER_STORIES } from "./broker-stories.ts";
import { SESSION_STORIES } from "./session-stories.ts";
import {
  accountId,
  clip,
  directoryOf,
  GLOBEX,
  guard,
  HOUR,
  id,
  NOW,
  portal,
  stateOf,
  UNMANAGED,
  view,
} from "./story-parts.ts";
import { SWITCHER_STORIES } from "./switcher-stories.ts";

/* Every state that is drawn, as data: for the tests, and for looking at it (`node tests/extension/ui/shoot.ts`). */

const pairing = (step: PairingView, more: Partial<UiState> = {}): UiState =>
  stateOf({ view: view({ pairing: true }), screen: "pairing", more: { pairing: step, ...more } });

const problem = (code: string, text: string, next: string) => ({ code, text, next });
const signedOut = portal({ status: "signed-out", expiresAtMs: null });
const CODE =
  "jcp1_3kq7w2m9x4c8v6b1n5z0p2r7t4y8u3i6o1a9s5d2f7g4h8j3k6l1q9w5e2r7t4y8u3i6o1p9a5s2d7f4g8h3j6k1l9z5x2c7v4b8n3m6";

/** Name → what is shown. */
export const STORIES: Readonly<Record<string, UiState>> = {
  ...BROKER_STORIES,
  ...SWITCHER_STORIES,
  ...SESSION_STORIES,
  home: stateOf({ more: { expanded: new Set([accountId(4)]) } }),
  "home-scrolling": stateOf({
    directory: directoryOf(307, { progress: { done: 120, total: 307, throttled: false } }),
  }),
  search: stateOf({ more: { query: "pay ro" } }),
  "search-nothing": stateOf({ more: { query: "zebra" } }),
  "format-menu": stateOf({ more: { formatMenu: true } }),
  copied: stateOf({
    view: view({ guard: guard({ clip: clip() }) }),
    more: {
      notice: {
        tone: "good",
        text: "Copied ReadOnly in Payments Prod. Valid for 59 minutes. The clipboard clears in 60 seconds.",
        copied: true,
      },
    },
  }),
  locked: stateOf({ view: view({ guard: guard({ locked: "idle" }) }) }),
  refused: stateOf({
    more: {
      notice: {
        tone: "bad",
        text: "AWS says this role is not assigned to you",
        next: "check the role in the access portal; a new assignment takes some minutes",
      },
    },
  }),
  "two-portals": stateOf({
    view: view({
      portals: [
        portal(),
        portal({
          origin: GLOBEX,
          alias: "globex",
          mark: { color: "brown", shape: "circle" },
          region: "eu-central-1",
          status: "expired",
          expiresAtMs: NOW,
        }),
      ],
    }),
  }),
  loading: stateOf({ view: null }),
  "first-run": stateOf({
    view: view({ portals: [], devices: [], broker: { status: "none", url: null, bid: null } }),
    directory: null,
  }),
  permission: stateOf({
    view: view({
      portals: [
        portal({
          status: "unconfirmed",
          missing: ["https://acme.awsapps.com/*", "https://portal.sso.us-east-1.amazonaws.com/*"],
        }),
      ],
      devices: [],
      broker: { status: "none", url: null, bid: null },
      granted: [],
    }),
    directory: null,
  }),
  managed: stateOf({
    view: view({
      organization: {
        ...UNMANAGED,
        portals: ["https://acme.awsapps.com/start"],
        broker: "https://broker.example.com",
        formats: ["sh", "credentials"],
        accountRules: 3,
        clipboardSeconds: 30,
        popupCopy: false,
        faults: ["lockAfterMinutes"],
      },
    }),
  }),
  "signed-out": stateOf({ view: view({ portals: [signedOut] }), directory: null }),
  "signed-out-with-list": stateOf({ view: view({ portals: [signedOut], copies: [] }) }),
  expired: stateOf({
    view: view({ portals: [portal({ status: "expired", expiresAtMs: NOW })], copies: [] }),
  }),
  throttled: stateOf({
    directory: directoryOf(307, {
      complete: false,
      ageMs: 26 * HOUR,
      problem: problem("throttled", "AWS is throttling requests", "wait a few seconds, then try again"),
    }),
  }),
  offline: stateOf({
    directory: directoryOf(307, {
      ageMs: 3 * HOUR,
      problem: problem("offline", "AWS does not answer", "check the network, then try again"),
    }),
  }),
  "region-unknown": stateOf({
    view: view({ portals: [portal({ status: "region-unknown", region: null })] }),
    directory: null,
  }),
  "page-changed": stateOf({
    view: view({ portals: [portal({ page: "unknown", census: { treeGrid: 0, roleLink: 12 } })] }),
  }),
  "no-accounts": stateOf({ directory: directoryOf(0) }),
  broken: stateOf({
    view: null,
    more: { unreachable: problem("bug", "the extension was updated or stopped", "reload the page") },
  }),
  help: stateOf({ screen: "help" }),
  terminals: stateOf({ screen: "terminals" }),
  "terminals-revoke": stateOf({ screen: "terminals", more: { confirming: "abcdefghijklmnopqrstuvwxyz" } }),
  "no-terminals": stateOf({ view: view({ devices: [] }), screen: "terminals" }),
  "no-broker": stateOf({
    view: view({ devices: [], broker: { status: "none", url: null, bid: null } }),
    screen: "terminals",
  }),
  "broker-unreachable": stateOf({
    view: view({ broker: { status: "unreachable", url: "http://127.0.0.1:8377", bid: null } }),
    screen: "terminals",
  }),
  "pair-code": pairing({ step: "waiting", code: CODE, expiresAtMs: NOW + 87_000 }),
  "pair-words": pairing({ step: "words", expiresAtMs: NOW + 280_000 }),
  "pair-choose": pairing({
    step: "choose",
    host: "thinkpad",
    osUser: "ana",
    os: "Debian 12",
    ssh: false,
    here: false,
    local: true,
    address: null,
    expiresAtMs: NOW + 280_000,
  }),
  "pair-choose-here": pairing({
    step: "choose",
    host: "thinkpad",
    osUser: "ana",
    os: "Debian 12",
    ssh: false,
    here: true,
    local: true,
    address: null,
    expiresAtMs: NOW + 280_000,
  }),
  "pair-joining": pairing({ step: "joining", expiresAtMs: NOW + 110_000 }),
  "pair-choose-remote": pairing({
    step: "choose",
    host: "build-42",
    osUser: "ci",
    os: "Ubuntu 24.04",
    ssh: true,
    here: false,
    local: false,
    address: "10.1.2.3",
    expiresAtMs: NOW + 280_000,
  }),
  "pair-review": pairing({
    step: "choose",
    host: "thinkpad",
    osUser: "ana",
    os: "Debian 12",
    ssh: false,
    here: false,
    local: true,
    address: null,
    expiresAtMs: NOW + 280_000,
  }),
  "pair-review-remote": pairing({
    step: "choose",
    host: "build-42",
    osUser: "ci",
    os: "Ubuntu 24.04",
    ssh: true,
    here: false,
    local: false,
    address: "10.1.2.3",
    expiresAtMs: NOW + 280_000,
  }),
  "pair-done": pairing({
    step: "done",
    did: id("abcdefghijklmnopqrstuvwxyz"),
    name: "thinkpad",
    here: false,
  }),
  "pair-failed": pairing({
    step: "failed",
    problem: problem(
      "pairing-words",
      "the three words did not match, so the pairing was stopped",
      "start again; if it happens twice, somebody is listening: tell your security team",
    ),
  }),
};
