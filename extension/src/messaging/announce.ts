import type { Browser } from "webextension-polyfill";
import { t } from "../words.ts";
import type { ApprovalView, ConfirmView } from "./view.ts";

/** The part of `browser.notifications` that is needed here. */
export interface NotificationsApi {
  create(
    id: string,
    options: { type: "basic"; iconUrl: string; title: string; message: string },
  ): Promise<unknown>;
  clear(id: string): Promise<unknown>;
}

export interface AnnouncePorts {
  readonly notifications: NotificationsApi;
  /** Show the popup: where the browser lets nobody open it, a small window with the same page. */
  readonly openPopup: () => Promise<unknown>;
  /** Show the popup where the browser lets us without a click on something of ours; rejects where it does not. */
  readonly tryPopup: () => Promise<unknown>;
}

const ICON = "/icons/attention-128.png";
const QUESTION = "question";
const PAIRED = "paired";
const RESUMED = "resumed";
/** Before the key of what ends, in the id of its notice. */
const ENDING = "ending ";
const CONFIRM = "confirm";

/** Words to the user outside of our own pages. */
export class Announcer {
  readonly #ports: AnnouncePorts;

  constructor(ports: AnnouncePorts) {
    this.#ports = ports;
  }

  /** A terminal waits, or no longer does. The number is asked for in the popup: a notification proves nobody's presence. */
  question(pending: ApprovalView | null): void {
    if (!pending) {
      this.#quietly(this.#ports.notifications.clear(QUESTION));
      return;
    }
    const { name, role, account, accountName } = pending;
    this.#show(QUESTION, t("approval.wants", [name, role, accountName ?? account]), t("approval.typeNumber"));
  }

  /** [PA14] */
  paired(name: string): void {
    this.#show(PAIRED, t("approval.wasPaired", [name]), t("approval.wasPairedNext"));
  }

  /** A copy that had waited for a sign-in is on the clipboard. */
  resumed(role: string): void {
    this.#show(RESUMED, t("resume.done", [role]), t("resume.doneNext"));
  }

  notResumed(role: string): void {
    this.#show(RESUMED, t("resume.failed", [role]), t("resume.failedNext"));
  }

  /** It waits for a press in the popup. */
  resumeAsks(role: string, isProd: boolean): void {
    this.#show(RESUMED, t("resume.asks", [role]), t(isProd ? "resume.asksNext" : "resume.asksWho"));
  }

  /** [CB6] @param key comes back from `endingOf` when the notice is pressed */
  ending(key: string, { title, message }: { title: string; message: string }): void {
    this.#show(ENDING + key, title, message);
  }

  /** [PB3] A press in the portal waits to be confirmed. A notification only where the popup cannot be shown at once. */
  confirm({ role, account, accountName }: ConfirmView): void {
    this.#ports.tryPopup().catch(() => {
      this.#show(CONFIRM, t("confirm.notice", [role, accountName ?? account]), t("confirm.noticeText"));
    });
  }

  confirmed(): void {
    this.#quietly(this.#ports.notifications.clear(CONFIRM));
  }

  clicked(id: string): void {
    this.#quietly(this.#ports.notifications.clear(id));
    this.#quietly(this.#ports.openPopup());
  }

  #show(id: string, title: string, message: string): void {
    const { notifications } = this.#ports;
    this.#quietly(notifications.create(id, { type: "basic", iconUrl: ICON, title, message }));
  }

  /** A desktop without notifications is no reason for anything to fail. */
  #quietly(done: Promise<unknown>): void {
    done.catch(() => undefined);
  }
}

/** The key of what was said to end, if this notice says that. */
export const endingOf = (id: string): string | undefined =>
  id.startsWith(ENDING) ? id.slice(ENDING.length) : undefined;

const POPUP = { url: "popup.html", type: "popup", width: 416, height: 620 } as const;

/** Browsers let an extension open its popup where they count the click on a notification; else the same page in a window. */
export async function openPopup({ action, windows }: Browser): Promise<void> {
  try {
    await action.openPopup();
  } catch {
    await windows.create(POPUP);
  }
}
