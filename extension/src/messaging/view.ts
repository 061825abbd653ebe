import { AccountId, DeviceId, RoleName } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { AccountList, RoleLists } from "./directory-lists.ts";
import { GuardView } from "./guard-view.ts";
import { OrganizationView } from "./organization-view.ts";
import { PortalView } from "./portal-view.ts";

export { PageGeneration, PortalStatus, PortalView } from "./portal-view.ts";

/*
 * What the background shows to the extension's own pages. Nothing in here is secret: names, ids and times only.
 * Absent values are `null`, so that every member is always there.
 */

const Text = v.string();
const Ms = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Origin = v.pipe(v.string(), v.startsWith("https://"), v.maxLength(256));

/** What lands on the clipboard. The names are those of `@jcfetch/shared/formats`. */
export const COPY_FORMATS = [
  "sh",
  "fish",
  "powershell",
  "cmd",
  "nushell",
  "dotenv",
  "json",
  "credentials",
] as const;
export const CopyFormat = v.picklist(COPY_FORMATS);
export type CopyFormat = v.InferOutput<typeof CopyFormat>;

export const Theme = v.picklist(["system", "light", "dark"]);
export type Theme = v.InferOutput<typeof Theme>;

export const Prefs = v.strictObject({ format: CopyFormat, theme: Theme });
export type Prefs = v.InferOutput<typeof Prefs>;

/** A role at a portal: how everything in the lists is named. */
export const PortalRole = v.strictObject({ portal: Origin, account: AccountId, role: RoleName });
export type PortalRole = v.InferOutput<typeof PortalRole>;

export const JumpcloudView = v.strictObject({
  /** `unknown` until the user asks: asking prolongs the session, so it is never done by itself. */
  status: v.picklist(["live", "signed-out", "unknown"]),
  name: v.nullable(Text),
  checkedAtMs: v.nullable(Ms),
  /** It shows its user exactly one way to AWS. */
  tile: v.boolean(),
  missing: v.array(Text),
});
export type JumpcloudView = v.InferOutput<typeof JumpcloudView>;

export const BrokerView = v.strictObject({
  status: v.picklist(["none", "ok", "unreachable"]),
  url: v.nullable(Text),
  bid: v.nullable(Text),
});
export type BrokerView = v.InferOutput<typeof BrokerView>;

export const DeviceView = v.strictObject({
  did: DeviceId,
  name: Text,
  host: Text,
  osUser: Text,
  os: Text,
  ssh: v.boolean(),
  /** `relay` alone: only with this browser. Both: some roles only with it. */
  modes: v.array(v.picklist(["sealed", "relay"])),
  portal: Origin,
  /** As signed: either may be a pattern. */
  roles: v.array(v.strictObject({ account: Text, role: Text })),
  /** Roles that wait for the user each time. */
  asks: v.array(Text),
  pairedAtMs: Ms,
  expiresAtMs: Ms,
  /** As the broker tells it; null when never, or when the broker could not be asked. */
  lastUsedAtMs: v.nullable(Ms),
  /**
   * `signed-off`: `jcfetch logout` ran there. `waiting`: paired, but no portal session is there for it. `forked`: its keys are
   * in use in two places. `removing`: removed, and the broker has not been told yet.
   */
  status: v.picklist(["ready", "waiting", "expired", "signed-off", "locked", "forked", "removing"]),
});
export type DeviceView = v.InferOutput<typeof DeviceView>;

/** Credentials that were copied and still live; for rings and minutes. */
export const CopyView = v.strictObject({ ...PortalRole.entries, copiedAtMs: Ms, expiresAtMs: Ms });
export type CopyView = v.InferOutput<typeof CopyView>;

/** One request that waits for the user. Process and folder are what the terminal says; the rest stands in our own list. */
export const ApprovalView = v.strictObject({
  id: Text,
  did: DeviceId,
  name: Text,
  host: Text,
  osUser: Text,
  ssh: v.boolean(),
  process: Text,
  directory: Text,
  account: AccountId,
  accountName: v.nullable(Text),
  role: RoleName,
  untilMs: Ms,
});
export type ApprovalView = v.InferOutput<typeof ApprovalView>;

/** A press in the portal on a role of a production account. Nothing is copied until it is confirmed in the popup. */
export const ConfirmView = v.strictObject({
  ...PortalRole.entries,
  id: Text,
  accountName: v.nullable(Text),
  format: CopyFormat,
  untilMs: Ms,
});
export type ConfirmView = v.InferOutput<typeof ConfirmView>;

/** How a question ended. `gone`: the terminal had stopped waiting. `locked`: it was the third refusal in a row. */
export const AskedOutcome = v.picklist(["approved", "refused", "wrong-number", "timeout", "gone", "locked"]);
export type AskedOutcome = v.InferOutput<typeof AskedOutcome>;

/**
 * The broker's memory is not what it was. `regressed`: a terminal knew more than it. `set-back`, `changed`: its record of
 * what happened ends earlier than it did, or says something else.
 */
export const BrokerAlarm = v.picklist(["regressed", "set-back", "changed", "gap"]);
export type BrokerAlarm = v.InferOutput<typeof BrokerAlarm>;

export const Environment = v.picklist(["prod", "staging", "dev"]);

/** What accounts of some name, id or e-mail address are. `match`: `/…/` a regular expression, else a whole text with `*` and `?`. */
export const AccountRule = v.strictObject({
  on: v.picklist(["name", "id", "email"]),
  match: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** Null leaves it to the rules after this one, and to the name. */
  environment: v.nullable(Environment),
  tags: v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(24))), v.maxLength(8)),
});
export type AccountRule = v.InferOutput<typeof AccountRule>;

/** A copy that was asked for while the session was over; it goes on by itself once somebody is signed in again. */
export const WaitingCopy = v.strictObject({
  ...PortalRole.entries,
  format: CopyFormat,
  untilMs: Ms,
  /** Somebody is signed in again, but it waits for a press: the role is of production, or nobody knows who asked for it. */
  asks: v.boolean(),
});
export type WaitingCopy = v.InferOutput<typeof WaitingCopy>;

/** A console that was opened from here and should still be signed in. */
export const OpenedView = v.strictObject({ ...PortalRole.entries, openedAtMs: Ms, untilMs: Ms });
export type OpenedView = v.InferOutput<typeof OpenedView>;

/** What the user may switch on and off about the list and the tabs it opens. */
export const SwitcherChoices = v.strictObject({
  recents: v.boolean(),
  /** Firefox: each account's console in a container of its own. */
  containers: v.boolean(),
  /** The consoles of an account in a group of tabs. */
  groups: v.boolean(),
});
export type SwitcherChoices = v.InferOutput<typeof SwitcherChoices>;

/** What the role switcher knows besides portals and roles. */
export const SwitcherView = v.strictObject({
  /** In this order; those of the company's policy come first. */
  rules: v.strictObject({ managed: v.array(AccountRule), own: v.array(AccountRule) }),
  /** Portal → account → what the user calls it. */
  labels: v.record(v.string(), v.record(v.string(), Text)),
  /** Newest first. */
  opened: v.array(OpenedView),
  waiting: v.nullable(WaitingCopy),
  /** Where the list opens, because it was chosen elsewhere. */
  focus: v.nullable(PortalRole),
  /** A sign-in that was opened from here and has not come to its end. */
  signingIn: v.nullable(v.strictObject({ portal: v.nullable(Origin), sinceMs: Ms })),
  /** AWS regions of consoles opened from here, last used first. */
  regions: v.array(Text),
  choices: SwitcherChoices,
});
export type SwitcherView = v.InferOutput<typeof SwitcherView>;

export const ViewState = v.strictObject({
  /** The background's clock when this was made. */
  nowMs: Ms,
  portals: v.array(PortalView),
  jumpcloud: JumpcloudView,
  broker: BrokerView,
  devices: v.array(DeviceView),
  /** Every terminal is locked. */
  locked: v.boolean(),
  alarm: v.nullable(BrokerAlarm),
  /** Name of the terminal that `regressed` comes from, where it is known. */
  alarmBy: v.nullable(Text),
  approval: v.nullable(ApprovalView),
  confirm: v.nullable(ConfirmView),
  /** How the question before ended, while this background remembers. */
  asked: v.nullable(v.strictObject({ id: Text, outcome: AskedOutcome })),
  copies: v.array(CopyView),
  favorites: v.array(PortalRole),
  /** Most used of late first. */
  recents: v.array(PortalRole),
  switcher: SwitcherView,
  prefs: Prefs,
  organization: OrganizationView,
  /** Hosts that the browser has granted, as patterns. */
  granted: v.array(Text),
  /** A pairing is going on: the UI continues it with `pairState`. */
  pairing: v.boolean(),
  guard: GuardView,
});
export type ViewState = v.InferOutput<typeof ViewState>;

/** Why something did not happen: what is wrong, and the next step, as the user reads them. */
export const Problem = v.strictObject({
  /** A code of `@jcfetch/shared/protocol/errors`, or one of `messaging/problems.ts`. */
  code: Text,
  text: Text,
  next: Text,
});
export type Problem = v.InferOutput<typeof Problem>;

export const DirectoryView = v.strictObject({
  accounts: AccountList,
  /** Account id → role names. An account that is missing here was not asked yet. */
  roles: RoleLists,
  /** Every account has been asked for its roles. */
  complete: v.boolean(),
  /** Since the last complete reading; null when there was none. */
  ageMs: v.nullable(Ms),
  /** A reading is running now: accounts whose roles are known, of how many. */
  progress: v.nullable(v.strictObject({ done: Ms, total: Ms, throttled: v.boolean() })),
  problem: v.nullable(Problem),
});
export type DirectoryView = v.InferOutput<typeof DirectoryView>;

export const PairingView = v.variant("step", [
  v.strictObject({ step: v.literal("none") }),
  /** The code is shown; a terminal can join until then. */
  v.strictObject({ step: v.literal("waiting"), code: Text, expiresAtMs: Ms }),
  /** The code of a terminal on this computer was pasted; it will be here in a moment. */
  v.strictObject({ step: v.literal("joining"), expiresAtMs: Ms }),
  /** A terminal has joined and shows three words; the user types them. */
  v.strictObject({ step: v.literal("words"), expiresAtMs: Ms }),
  /** The words were right. What the terminal says of itself; `address` is where the broker saw it. */
  v.strictObject({
    step: v.literal("choose"),
    host: Text,
    osUser: Text,
    os: Text,
    ssh: v.boolean(),
    /** It runs on the computer of this browser, and its code was pasted here. */
    here: v.boolean(),
    address: v.nullable(Text),
    /** The broker runs on this computer. */
    local: v.boolean(),
    expiresAtMs: Ms,
  }),
  /** `here`: set up in one paste, so that the terminal writes its profiles itself. */
  v.strictObject({ step: v.literal("done"), did: DeviceId, name: Text, here: v.boolean() }),
  v.strictObject({ step: v.literal("failed"), problem: Problem }),
]);
export type PairingView = v.InferOutput<typeof PairingView>;
