import type { Result } from "@jcfetch/shared/result";
import { err } from "@jcfetch/shared/result";
import type { Clock } from "@jcfetch/shared/time";
import type { Broker } from "../broker/broker.ts";
import type { Deposits } from "../broker/deposit.ts";
import type { DeviceList } from "../broker/device-list.ts";
import type { Pairing } from "../broker/pair.ts";
import type { BrokerSeen } from "../broker/seen.ts";
import type { Copies } from "../roles/copies.ts";
import type { Directories } from "../roles/directory.ts";
import type { RoleLists } from "../roles/lists.ts";
import type { JumpcloudMemory } from "../sessions/jumpcloud-memory.ts";
import type { PortalSessions } from "../sessions/portal-session.ts";
import type { Slot } from "../sessions/slot.ts";
import type { WriteClipboard } from "./clipboard.ts";
import type { Notify } from "./notify.ts";
import { type ProblemCode, problem } from "./problems.ts";
import type { Prefs, Problem } from "./view.ts";

/** Everything the routes work with; made once by the app. */
export interface Services {
  readonly sessions: PortalSessions;
  readonly jumpcloud: JumpcloudMemory;
  readonly directories: Directories;
  readonly lists: RoleLists;
  readonly copies: Copies;
  readonly prefs: Slot<Prefs>;
  readonly clipboard: WriteClipboard;
  readonly broker: Broker;
  readonly seen: BrokerSeen;
  readonly devices: DeviceList;
  readonly deposits: Deposits;
  readonly pairing: Pairing;
  readonly fetch: typeof fetch;
  readonly now: Clock;
  readonly notify: Notify;
  readonly openTab: (url: string) => Promise<unknown>;
  readonly mayReach: (pattern: string) => Promise<boolean>;
  /** Bring the broker up to date soon, without waiting for it. */
  readonly deposit: () => void;
}

/** A refusal by code, in the words the user reads. */
export const worded = <T>(result: Result<T, ProblemCode>): Result<T, Problem> =>
  result.ok ? result : err(problem(result.error));
