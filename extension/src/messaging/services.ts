import type { Result } from "@jcfetch/shared/result";
import { err } from "@jcfetch/shared/result";
import type { Clock } from "@jcfetch/shared/time";
import type { Activity } from "../broker/activity.ts";
import type { Approvals } from "../broker/approvals.ts";
import type { Broker } from "../broker/broker.ts";
import type { Deposits } from "../broker/deposit.ts";
import type { DeviceList } from "../broker/device-list.ts";
import type { Grants } from "../broker/grant.ts";
import type { Pairing } from "../broker/pair.ts";
import type { Relay } from "../broker/relay.ts";
import type { Revocations } from "../broker/revocations.ts";
import type { BrokerSeen } from "../broker/seen.ts";
import type { Clips } from "../guard/clips.ts";
import type { CopyLog } from "../guard/copy-log.ts";
import type { Lock } from "../guard/lock.ts";
import type { EndingNotices } from "../guard/notices.ts";
import type { GuardSettings } from "../guard/prefs.ts";
import type { Confirms } from "../roles/confirms.ts";
import type { Copies } from "../roles/copies.ts";
import type { Directories } from "../roles/directory.ts";
import type { ListFocus } from "../roles/focus.ts";
import type { RoleLists } from "../roles/lists.ts";
import type { Opened } from "../roles/opened.ts";
import type { Places } from "../roles/places.ts";
import type { SignIns } from "../roles/sign-ins.ts";
import type { ConsoleTab } from "../roles/tabs.ts";
import type { WaitingCopies } from "../roles/waiting-copy.ts";
import type { JumpcloudMemory } from "../sessions/jumpcloud-memory.ts";
import type { PortalMarks } from "../sessions/portal-marks.ts";
import type { PortalSessions } from "../sessions/portal-session.ts";
import type { Slot } from "../sessions/slot.ts";
import type { Announcer } from "./announce.ts";
import type { Notify } from "./notify.ts";
import type { Policy } from "./policy.ts";
import { type ProblemCode, problem } from "./problems.ts";
import type { Prefs, Problem, SwitcherChoices } from "./view.ts";

/** Everything the routes work with; made once by the app. */
export interface Services {
  readonly policy: Policy;
  readonly sessions: PortalSessions;
  readonly marks: PortalMarks;
  readonly jumpcloud: JumpcloudMemory;
  readonly directories: Directories;
  readonly lists: RoleLists;
  readonly places: Places;
  readonly choices: Slot<SwitcherChoices>;
  readonly opened: Opened;
  readonly waiting: WaitingCopies;
  readonly signIns: SignIns;
  readonly focus: ListFocus;
  readonly copies: Copies;
  readonly confirms: Confirms;
  readonly prefs: Slot<Prefs>;
  readonly guard: GuardSettings;
  readonly clips: Clips;
  readonly copyLog: CopyLog;
  readonly lock: Lock;
  readonly notices: EndingNotices;
  readonly broker: Broker;
  readonly seen: BrokerSeen;
  readonly devices: DeviceList;
  readonly revocations: Revocations;
  readonly deposits: Deposits;
  readonly grants: Grants;
  readonly approvals: Approvals;
  readonly relay: Relay;
  readonly activity: Activity;
  readonly pairing: Pairing;
  readonly fetch: typeof fetch;
  readonly now: Clock;
  readonly notify: Notify;
  readonly announcer: Announcer;
  readonly openPopup: () => Promise<unknown>;
  /** In a container where one is named, which only Firefox knows. */
  readonly openTab: (url: string, container?: string) => Promise<unknown>;
  /** In a container or a group of tabs, where the user has chosen so. */
  readonly openConsoleTab: (tab: ConsoleTab) => Promise<void>;
  readonly mayReach: (pattern: string) => Promise<boolean>;
  /** Every host that the browser has granted, as patterns. */
  readonly granted: () => Promise<string[]>;
  /** Draw the toolbar's icon anew: something waits for the user, or no longer does. */
  readonly showIcon: () => void;
  /** Bring broker and socket up to date soon, without waiting for it. */
  readonly deposit: () => void;
}

/** A refusal by code, in the words the user reads. */
export const worded = <T>(result: Result<T, ProblemCode>): Result<T, Problem> =>
  result.ok ? result : err(problem(result.error));
