import { type Clock, type EpochMs, MINUTE_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { Announcer } from "../messaging/announce.ts";
import type { GuardPrefs } from "../messaging/guard-view.ts";
import { PortalRole } from "../messaging/view.ts";
import type { Copies } from "../roles/copies.ts";
import type { Directories } from "../roles/directory.ts";
import type { PortalSessions } from "../sessions/portal-session.ts";
import { queue, type Slot, type Storage, slot } from "../sessions/slot.ts";
import { t } from "../words.ts";

export interface EndingPorts {
  readonly storage: Storage;
  readonly copies: Pick<Copies, "live">;
  readonly sessions: Pick<PortalSessions, "portals" | "session">;
  readonly directories: Pick<Directories, "accountName">;
  readonly announcer: Pick<Announcer, "ending">;
  readonly alarms: { create(name: string, info: { when: number }): unknown; clear(name: string): unknown };
  readonly now: Clock;
  readonly prefs: () => Promise<Pick<GuardPrefs, "noticeMinutes" | "noticeSession">>;
}

export const ENDING_ALARM = "ending";
const SESSION_BEFORE_MS = 10 * MINUTE_MS;

/** One thing that ends, and when to say so. */
interface Ending {
  /** With its end in it, so that the next one of the same role is another. */
  readonly key: string;
  readonly dueAtMs: EpochMs;
  readonly endsAtMs: EpochMs;
  readonly say: (minutes: number) => Promise<{ title: string; message: string }>;
}

/**
 * [CB6] Says that credentials or a session are about to end, if the user wants that: once each. It only speaks. The clipboard
 * is written for a press and for nothing else, or somebody would paste what they had not asked for.
 */
export class EndingNotices {
  readonly #ports: EndingPorts;
  readonly #said: Slot<string[]>;
  readonly #wanted: Slot<PortalRole | null>;
  readonly #inTurn = queue();

  constructor(ports: EndingPorts) {
    this.#ports = ports;
    const { session } = ports.storage;
    this.#said = slot(session, "endings-said", v.array(v.string()), []);
    this.#wanted = slot(session, "wanted", v.nullable(PortalRole), null);
  }

  /** Say what is due, and set the alarm for what comes next. Called whenever either may have changed. */
  look(): Promise<void> {
    return this.#inTurn(() => this.#look());
  }

  async #look(): Promise<void> {
    const now = this.#ports.now();
    const endings = (await this.#endings()).filter(({ endsAtMs }) => endsAtMs > now);
    const said = await this.#said.get();
    for (const ending of endings) {
      if (ending.dueAtMs > now || said.includes(ending.key)) continue;
      this.#ports.announcer.ending(
        ending.key,
        await ending.say(Math.ceil((ending.endsAtMs - now) / MINUTE_MS)),
      );
    }
    const due = endings.filter(({ dueAtMs }) => dueAtMs <= now).map(({ key }) => key);
    await this.#said.set(due);
    const next = endings.map(({ dueAtMs }) => dueAtMs).filter((at) => at > now);
    if (next.length > 0) this.#ports.alarms.create(ENDING_ALARM, { when: Math.min(...next) });
    else this.#ports.alarms.clear(ENDING_ALARM);
  }

  /** A notice was pressed: the popup, when it opens, goes to its role. */
  async pressed(key: string): Promise<void> {
    const copy = (await this.#ports.copies.live()).find((one) => copyKey(one) === key);
    if (!copy) return;
    const { portal, account, role } = copy;
    await this.#wanted.set({ portal, account, role });
  }

  wanted(): Promise<PortalRole | null> {
    return this.#wanted.get();
  }

  taken(): Promise<void> {
    return this.#wanted.set(null);
  }

  async #endings(): Promise<Ending[]> {
    const { noticeMinutes, noticeSession } = await this.#ports.prefs();
    const copies = noticeMinutes === 0 ? [] : await this.#copyEndings(noticeMinutes * MINUTE_MS);
    return [...copies, ...(noticeSession ? await this.#sessionEndings() : [])];
  }

  async #copyEndings(beforeMs: number): Promise<Ending[]> {
    const { copies, directories } = this.#ports;
    return (await copies.live()).map((copy) => ({
      key: copyKey(copy),
      endsAtMs: copy.expiresAtMs,
      // Those that live hardly longer are not spoken of as soon as they are there.
      dueAtMs: Math.max(copy.expiresAtMs - beforeMs, (copy.copiedAtMs + copy.expiresAtMs) / 2),
      say: async (minutes) => {
        const { portal, account, role } = copy;
        const name = (await directories.accountName(portal, account)) ?? account;
        return {
          title: t("guard.endingTitle", minutes, [minutes, role, name]),
          message: t("guard.endingNext"),
        };
      },
    }));
  }

  async #sessionEndings(): Promise<Ending[]> {
    const { sessions } = this.#ports;
    const all = await Promise.all(
      (await sessions.portals()).map(async ({ origin, name }) => {
        const { status, expiresAtMs } = await sessions.session(origin);
        if (status !== "live" || expiresAtMs === null) return [];
        const say = async (minutes: number) => ({
          title: t("guard.sessionEndingTitle", minutes, [minutes, name]),
          message: t("guard.sessionEndingNext"),
        });
        const key = `session ${origin} ${expiresAtMs}`;
        return [{ key, endsAtMs: expiresAtMs, dueAtMs: expiresAtMs - SESSION_BEFORE_MS, say }];
      }),
    );
    return all.flat();
  }
}

const copyKey = ({ portal, account, role, expiresAtMs }: PortalRole & { expiresAtMs: EpochMs }): string =>
  `copy ${portal} ${account} ${role} ${expiresAtMs}`;
