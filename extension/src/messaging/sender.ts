import { type Portal, parsePortalUrl } from "@jcfetch/shared/domain/portal";
import type { SenderClass } from "./messages.ts";

/** What the browser says of a message's sender. None of it comes from the message. */
export interface Sender {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly origin?: string | undefined;
  readonly frameId?: number | undefined;
  readonly tab?: { readonly id?: number | undefined } | undefined;
  readonly documentLifecycle?: string | undefined;
}

export interface Self {
  readonly id: string;
  /** `chrome-extension://<id>/` */
  readonly baseUrl: string;
}

export type Caller =
  | { readonly kind: Extract<SenderClass, "ui"> }
  | { readonly kind: Extract<SenderClass, "page">; readonly portal: Portal; readonly tabId: number };

/**
 * [EX3] Who is speaking: a page of our own, the top frame of a recognized portal in a tab, or nobody we answer.
 * Decided before a word of the message is read.
 */
export function callerOf(sender: Sender, self: Self): Caller | undefined {
  if (sender.id !== self.id || sender.url === undefined || !URL.canParse(sender.url)) return undefined;
  if (sender.frameId !== undefined && sender.frameId !== 0) return undefined;
  if (sender.documentLifecycle !== undefined && sender.documentLifecycle !== "active") return undefined;
  if (sender.origin !== undefined && sender.origin !== originOf(sender.url)) return undefined;
  if (sender.url.startsWith(self.baseUrl)) return { kind: "ui" };

  const tabId = sender.tab?.id;
  const portal = parsePortalUrl(sender.url);
  if (tabId === undefined || sender.frameId !== 0 || !portal.ok) return undefined;
  return { kind: "page", portal: portal.value, tabId };
}

/** `URL.origin` is `null` for extension addresses in some engines. */
function originOf(text: string): string {
  const url = new URL(text);
  return `${url.protocol}//${url.host}`;
}
