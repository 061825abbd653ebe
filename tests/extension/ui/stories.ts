import type {
  DeviceView,
  DirectoryView,
  PairingView,
  PortalView,
  ViewState,
} from "../../../extension/src/messaging/view.ts";
import { initialState, reduce, type Screen, type UiState } from "../../../extension/src/ui/state.ts";

/* Every state that is drawn, as data: for the tests, and for looking at it (`node tests/extension/ui/shoot.ts`). */

export const NOW = Date.UTC(2026, 10, 23, 10, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const ACME = "https://acme.awsapps.com";
const GLOBEX = "https://globex.awsapps.com";

export const id = <T extends string>(text: string): T => text as T;
type Account = DirectoryView["accounts"][number];
type Role = ViewState["recents"][number]["role"];

const NAMES = [
  "Payments Prod",
  "Payments Staging",
  "Payments Dev",
  "Data Platform",
  "Data Platform Nonprod",
  "Sandbox 42",
  "acme-observability-and-incident-response-production",
  "Identity",
  "Müller Logistik Stage",
];
const ROLES = ["ReadOnly", "PowerUser", "AdministratorAccess", "Deploy", "S3Admin"];

export const accountId = (at: number): string => String(111_122_223_333 + at * 7_919);

export function directoryOf(count: number, over: Partial<DirectoryView> = {}): DirectoryView {
  const accounts = Array.from({ length: count }, (_, at): Account => {
    const name = NAMES[at] ?? `Team ${Math.floor(at / 3)} ${["Prod", "Staging", "Dev"][at % 3]}`;
    return { id: id(accountId(at)), name, email: `aws+${at}@acme.example` };
  });
  const roles = Object.fromEntries(accounts.map((account, at) => [account.id, ROLES.slice(0, 1 + (at % 5))]));
  return { accounts, roles, complete: true, ageMs: 3 * MINUTE, progress: null, problem: null, ...over };
}

export const portal = (over: Partial<PortalView> = {}): PortalView => ({
  origin: ACME,
  startUrl: `${ACME}/start`,
  alias: "acme",
  region: "us-east-1",
  userName: "ana",
  directoryId: "d-9067642ab1",
  expiresAtMs: NOW + 7 * HOUR + 12 * MINUTE,
  status: "live",
  page: "gen3",
  ...over,
});

const roleAt = (at: number, role: string) => ({
  portal: ACME,
  account: id<Account["id"]>(accountId(at)),
  role: id<Role>(role),
});

export const device = (over: Partial<DeviceView> = {}): DeviceView => ({
  did: id("abcdefghijklmnopqrstuvwxyz"),
  name: "thinkpad",
  host: "thinkpad",
  osUser: "ana",
  os: "Debian 12",
  ssh: false,
  mode: "sealed",
  portal: ACME,
  roles: [roleAt(0, "ReadOnly"), roleAt(2, "PowerUser"), roleAt(5, "ReadOnly")].map(({ account, role }) => ({
    account,
    role,
  })),
  pairedAtMs: NOW - DAY,
  expiresAtMs: NOW + 29 * DAY,
  lastUsedAtMs: NOW - 4 * MINUTE,
  status: "ready",
  ...over,
});

const remote = device({
  did: id("zyxwvutsrqponmlkjihgfedcba"),
  name: "build-42",
  host: "build-42",
  osUser: "ci",
  ssh: true,
  os: "Ubuntu 24.04",
  expiresAtMs: NOW + 5 * HOUR,
  lastUsedAtMs: null,
  status: "waiting",
});

export const view = (over: Partial<ViewState> = {}): ViewState => ({
  nowMs: NOW,
  portals: [portal()],
  jumpcloud: { status: "unknown", name: null, checkedAtMs: null },
  broker: { status: "ok", url: "http://127.0.0.1:8377", bid: "b".repeat(43) },
  devices: [device(), remote],
  copies: [
    { ...roleAt(3, "PowerUser"), copiedAtMs: NOW - 8 * MINUTE, expiresAtMs: NOW + 52 * MINUTE },
    { ...roleAt(5, "ReadOnly"), copiedAtMs: NOW - 55 * MINUTE, expiresAtMs: NOW + 5 * MINUTE },
  ],
  favorites: [roleAt(0, "ReadOnly"), roleAt(3, "PowerUser")],
  recents: [roleAt(5, "ReadOnly"), roleAt(1, "PowerUser"), roleAt(6, "ReadOnly")],
  prefs: { format: "sh", theme: "system" },
  pairing: false,
  ...over,
});

interface StateOf {
  readonly view?: ViewState | null;
  readonly directory?: DirectoryView | null;
  readonly screen?: Screen;
  readonly more?: Partial<UiState>;
}

export function stateOf({
  view: shown = view(),
  directory = directoryOf(307),
  screen,
  more,
}: StateOf): UiState {
  let state = initialState(NOW);
  if (shown) state = reduce(state, { type: "view", view: shown });
  if (directory && state.portal !== null)
    state = reduce(state, { type: "directory", portal: state.portal, directory });
  if (screen) state = reduce(state, { type: "screen", screen });
  return { ...state, ...more };
}

const pairing = (step: PairingView, more: Partial<UiState> = {}): UiState =>
  stateOf({ view: view({ pairing: true }), screen: "pairing", more: { pairing: step, ...more } });

const problem = (code: string, text: string, next: string) => ({ code, text, next });
const signedOut = portal({ status: "signed-out", expiresAtMs: null });
const CODE =
  "jcp1_3kq7w2m9x4c8v6b1n5z0p2r7t4y8u3i6o1a9s5d2f7g4h8j3k6l1q9w5e2r7t4y8u3i6o1p9a5s2d7f4g8h3j6k1l9z5x2c7v4b8n3m6";

/** Name → what is shown. */
export const STORIES: Readonly<Record<string, UiState>> = {
  home: stateOf({ more: { expanded: new Set([accountId(4)]) } }),
  "home-scrolling": stateOf({
    directory: directoryOf(307, { progress: { done: 120, total: 307, throttled: false } }),
  }),
  search: stateOf({ more: { query: "pay ro" } }),
  "search-nothing": stateOf({ more: { query: "zebra" } }),
  "format-menu": stateOf({ more: { formatMenu: true } }),
  copied: stateOf({
    more: { notice: { tone: "good", text: "Copied ReadOnly in Payments Prod. Valid for 59 minutes." } },
  }),
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
  "page-changed": stateOf({ view: view({ portals: [portal({ page: "unknown" })] }) }),
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
    address: "10.1.2.3",
    expiresAtMs: NOW + 280_000,
  }),
  "pair-done": pairing({ step: "done", did: id("abcdefghijklmnopqrstuvwxyz"), name: "thinkpad" }),
  "pair-failed": pairing({
    step: "failed",
    problem: problem(
      "pairing-words",
      "the three words did not match, so the pairing was stopped",
      "start again; if it happens twice, somebody is listening: tell your security team",
    ),
  }),
};
