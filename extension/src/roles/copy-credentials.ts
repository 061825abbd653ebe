import type { PortalError } from "@jcfetch/shared/aws/errors";
import { getRoleCredentials } from "@jcfetch/shared/aws/portal-client";
import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { formatCredentials } from "@jcfetch/shared/formats/index";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Clock, EpochMs } from "@jcfetch/shared/time";
import type { Clips } from "../guard/clips.ts";
import type { CopyLog } from "../guard/copy-log.ts";
import type { Lock } from "../guard/lock.ts";
import type { EndingNotices } from "../guard/notices.ts";
import type { CopyEntry } from "../messaging/guard-view.ts";
import type { Policy } from "../messaging/policy.ts";
import type { ProblemCode } from "../messaging/problems.ts";
import type { CopyFormat, SwitcherChoices } from "../messaging/view.ts";
import type { PortalSessions } from "../sessions/portal-session.ts";
import type { Slot } from "../sessions/slot.ts";
import type { Copies } from "./copies.ts";
import type { Directories } from "./directory.ts";
import type { RoleLists } from "./lists.ts";

export interface CopyPorts {
  readonly policy: Policy;
  readonly sessions: PortalSessions;
  readonly directories: Directories;
  readonly fetch: typeof fetch;
  readonly clips: Clips;
  readonly copies: Copies;
  readonly copyLog: CopyLog;
  readonly lock: Lock;
  readonly notices: EndingNotices;
  readonly lists: RoleLists;
  readonly choices: Slot<SwitcherChoices>;
  readonly now: Clock;
}

export interface CopyWish {
  readonly portal: string;
  readonly account: AccountId;
  readonly role: RoleName;
  readonly format: CopyFormat;
  readonly from: CopyEntry["from"];
  /** The tab whose session is meant, where containers or private windows give several. */
  readonly tabId?: number;
  /** Only if the session is this person's; else it counts as signed out. As `Session.owner`. */
  readonly owner?: string;
}

const REFUSED: Record<PortalError["code"], ProblemCode> = {
  unauthorized: "sso-expired",
  forbidden: "role-not-assigned",
  throttled: "throttled",
  unreachable: "offline",
  "not-found": "role-not-assigned",
  garbage: "upstream",
};

/** A person pastes into Nushell what is to happen; a program reads the record alone. */
const pasted = (format: CopyFormat, text: string): string =>
  format === "nushell" ? `load-env ${text}` : text;

/** From a wish to the clipboard. Nothing of the credentials is kept; only which role, and until when they live. */
export async function copyCredentials(
  ports: CopyPorts,
  wish: CopyWish,
): Promise<Result<{ expiresAtMs: EpochMs; label: string }, ProblemCode>> {
  const { portal, account, role, format, from, tabId, owner } = wish;
  await ports.lock.look(); // not each copy begins with a message, which would have looked
  if (await ports.lock.isOn()) return err("locked");
  if (!(await ports.policy.allowsFormat(format))) return err("policy");
  const access = await ports.sessions.access(portal, tabId);
  if (!access.ok) return access;
  if (owner !== undefined && owner !== access.value.owner) return err("signed-out");
  const { region, token } = access.value;
  ports.clips.ready(); // while AWS is asked
  const answer = await getRoleCredentials({ region, token, account, role }, { fetch: ports.fetch });
  if (!answer.ok) {
    if (answer.error.code === "unauthorized") await ports.sessions.checkAgain(portal, tabId);
    return err(REFUSED[answer.error.code]);
  }
  const { expiresAtMs } = answer.value;
  const text = formatCredentials(format, answer.value, { account, role });
  if (!text.ok) return err("format-refused");
  const name = await ports.directories.accountName(portal, account);
  if (await ports.lock.isOn()) return err("locked"); // AWS took its time
  const written = await ports.clips.put(pasted(format, text.value), { account, role, accountName: name });
  if (!written.ok) return written;
  if (await ports.lock.isOn()) {
    await ports.clips.clear(); // it came in between, and found nothing to clear
    return err("locked");
  }

  const atMs = ports.now();
  const { owner: whose } = access.value;
  const used = async (): Promise<void> => {
    if ((await ports.choices.get()).recents) await ports.lists.used({ portal, account, role }, whose);
  };
  await Promise.all([
    ports.copies.add({ portal, account, role, copiedAtMs: atMs, expiresAtMs, owner: whose }),
    ports.copyLog.add({ portal, account, accountName: name, role, format, from, atMs, expiresAtMs }),
    used(),
  ]);
  await ports.notices.look();
  return ok({ expiresAtMs, label: `${name ?? account} ${role}` });
}
