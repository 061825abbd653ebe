import type { ClipView, GuardView } from "../../../extension/src/messaging/guard-view.ts";
import type {
  DeviceView,
  DirectoryView,
  PortalView,
  SwitcherView,
  ViewState,
} from "../../../extension/src/messaging/view.ts";
import { initialState, reduce, type Screen, type UiState } from "../../../extension/src/ui/state.ts";

/* What the states that are drawn are made of. */

export const NOW = Date.UTC(2026, 10, 23, 10, 0);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const ACME = "https://acme.awsapps.com";
export const GLOBEX = "https://globex.awsapps.com";

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
  mark: { color: "blue", shape: "hexagon" },
  others: [],
  page: "gen3",
  census: null,
  missing: [],
  ...over,
});

export const roleAt = (at: number, role: string) => ({
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
  modes: ["sealed"],
  asks: [],
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

export const switcher = (over: Partial<SwitcherView> = {}): SwitcherView => ({
  rules: { managed: [], own: [] },
  labels: {},
  opened: [],
  waiting: null,
  focus: null,
  signingIn: null,
  regions: [],
  choices: { recents: true, containers: false, groups: false },
  ...over,
});

export const clip = (): ClipView => ({
  account: roleAt(0, "ReadOnly").account,
  role: roleAt(0, "ReadOnly").role,
  accountName: "Payments Prod",
  clearsAtMs: NOW + 42_000,
  certain: false,
});

export const guard = (over: Partial<GuardView> = {}): GuardView => ({
  prefs: {
    clipboardSeconds: 60,
    copyLog: true,
    lockMinutes: 0,
    lockWithScreen: false,
    noticeMinutes: 0,
    noticeSession: false,
  },
  managed: [],
  clip: null,
  locked: null,
  wanted: null,
  ...over,
});

/** Nobody manages this browser. */
export const UNMANAGED = {
  portals: null,
  broker: null,
  formats: null,
  accountRules: 0,
  clipboardSeconds: null,
  lockAfterMinutes: null,
  popupCopy: null,
  containers: null,
  faults: [],
};

export const view = (over: Partial<ViewState> = {}): ViewState => ({
  nowMs: NOW,
  portals: [portal()],
  jumpcloud: { status: "unknown", name: null, checkedAtMs: null, tile: false, missing: [] },
  broker: { status: "ok", url: "http://127.0.0.1:8377", bid: "b".repeat(43) },
  devices: [device(), remote],
  locked: false,
  alarm: null,
  alarmBy: null,
  approval: null,
  confirm: null,
  asked: null,
  copies: [
    { ...roleAt(3, "PowerUser"), copiedAtMs: NOW - 8 * MINUTE, expiresAtMs: NOW + 52 * MINUTE },
    { ...roleAt(5, "ReadOnly"), copiedAtMs: NOW - 55 * MINUTE, expiresAtMs: NOW + 5 * MINUTE },
  ],
  favorites: [roleAt(0, "ReadOnly"), roleAt(3, "PowerUser")],
  recents: [roleAt(5, "ReadOnly"), roleAt(1, "PowerUser"), roleAt(6, "ReadOnly")],
  switcher: switcher(),
  prefs: { format: "sh", theme: "system" },
  organization: UNMANAGED,
  granted: [`${ACME}/*`, "https://portal.sso.us-east-1.amazonaws.com/*"],
  pairing: false,
  guard: guard(),
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
