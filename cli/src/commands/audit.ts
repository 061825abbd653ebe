import type { AuditPageSeen } from "@jcfetch/shared/device";
import type { Seen } from "@jcfetch/shared/device-line";
import { describeRole } from "@jcfetch/shared/domain/role";
import {
  type AuditEntry,
  type AuditLine,
  type AuditPlace,
  followChain,
  MAX_AUDIT_PAGE,
} from "@jcfetch/shared/protocol/audit";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { toMs } from "@jcfetch/shared/time";
import { ownFolder } from "../config/paths.ts";
import { readSeen, saveSeen } from "../config/seen.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { type Brokered, openBrokered } from "../sources/brokered.ts";
import { columns } from "../table.ts";
import { count } from "../when.ts";

/** What was asked for with this user's terminals. */
export async function audit(
  { verify }: { readonly verify: boolean },
  json: boolean,
  host: Host,
): Promise<Result<null, Failure>> {
  const device = await openBrokered(host);
  if (!device.ok) return device;
  return verify ? verifyAudit(device.value, json, host) : listAudit(device.value, json, host);
}

/** Less than a page, so that what comes in meanwhile still fits. */
const LISTED = 100;

/** The newest lines. One alone is asked for first, to learn how many there are. */
async function listAudit(device: Brokered, json: boolean, host: Host): Promise<Result<null, Failure>> {
  const first = await device.audit(0, 1);
  if (!first.ok) return first;
  const { seq } = first.value.head;
  const page = await device.audit(Math.max(0, seq - LISTED), MAX_AUDIT_PAGE);
  if (!page.ok) return page;
  if (!(await endsAtHead(page.value))) return err(broken);
  await host.io.out(
    json
      ? `${JSON.stringify({ head: page.value.head, lines: page.value.lines })}\n`
      : inWords(page.value.lines),
  );
  return ok(null);
}

/** On a page that reaches the end, the chain ends in the signed head; others may have been added since. */
async function endsAtHead({ from, lines, head }: AuditPageSeen): Promise<boolean> {
  const places = await followChain(from, lines);
  const last = places?.at(-1);
  return last !== undefined && last.seq === head.seq && last.ah === head.ah;
}

interface Verified {
  readonly entries: number;
  readonly from: AuditPlace;
  readonly head: AuditPageSeen["head"];
  /** The place this terminal had seen stands in the chain; `pruned`: it is older than all that is kept. */
  readonly seen: "contained" | "nothing" | "pruned";
}

/** [AU4] The whole chain, from where the broker begins to its signed head, and what this terminal has seen on the way. */
async function verifyAudit(device: Brokered, json: boolean, host: Host): Promise<Result<null, Failure>> {
  const folder = ownFolder(host);
  const before = await readSeen(folder, device.grant.did);
  if (!before.ok) return before;
  const verified = await walk(device, before.value, (done) =>
    host.io.progress(`${count(done, "entry")} read …`),
  );
  host.io.progress("");
  if (!verified.ok) return verified;
  const { head, entries, from, seen } = verified.value;
  const saved = await saveSeen(
    folder,
    device.grant.did,
    { n: before.value.n, seq: head.seq, ah: head.ah, rl: head.rl },
    before.value,
  );
  if (!saved.ok) return saved;
  if (json) {
    await host.io.out(
      `${JSON.stringify({ whole: true, entries, from: from.seq + 1, to: head.seq, seen })}\n`,
    );
    return ok(null);
  }
  const contains = {
    contained: `and contains number ${before.value.seq}, which this terminal had seen`,
    nothing: "and this terminal has not seen any of it before",
    pruned: `and begins after number ${before.value.seq}, which this terminal had seen: what is older than 90 days goes`,
  }[seen];
  await host.io.out(
    `The audit is whole: numbers ${from.seq + 1} to ${head.seq}, signed by the broker, ${contains}.\n`,
  );
  return ok(null);
}

async function walk(
  device: Brokered,
  before: Seen,
  progress: (done: number) => void,
): Promise<Result<Verified, Failure>> {
  let from: AuditPlace | undefined;
  let place: AuditPlace | undefined;
  let seen: Verified["seen"] = before.seq === 0 ? "nothing" : "pruned";
  for (;;) {
    const page = await device.audit(place?.seq ?? 0, MAX_AUDIT_PAGE);
    if (!page.ok) return page;
    const { head, lines } = page.value;
    // Only the first page may begin later than asked for: what came before it was pruned.
    if (place && (page.value.from.seq !== place.seq || page.value.from.ah !== place.ah)) return err(broken);
    from ??= page.value.from;
    const places = await followChain(place ?? from, lines);
    if (!places || head.seq < before.seq || head.rl < before.rl) return err(broken);
    for (const { seq, ah } of places) {
      if (seq !== before.seq || seq === 0) continue;
      if (ah !== before.ah) return err(broken);
      seen = "contained";
    }
    place = places.at(-1)!;
    progress(place.seq - from.seq);
    if (place.seq === head.seq) {
      return place.ah === head.ah ? ok({ entries: place.seq - from.seq, from, head, seen }) : err(broken);
    }
    if (lines.length === 0) return err(broken);
  }
}

const broken = fail(
  "audit-broken",
  "the broker's audit is not the unbroken record that this terminal has seen",
  "ask who runs the broker; until that is known, lock all terminals in the extension",
);

const WORDS: Record<AuditEntry["act"], string> = {
  enrol: "extension enrolled",
  grant: "permission given",
  deposit: "session handed over",
  drop: "sessions dropped",
  leave: "signed off",
  revoke: "terminals removed or locked",
  fetch: "asked for credentials",
  fetched: "answered",
  ask: "asked for approval",
  asked: "answered",
  fork: "keys in use in two places",
  regress: "broker's storage set back",
};

function inWords(lines: readonly AuditLine[]): string {
  const own = lines.flatMap((line) => ("entry" in line ? [line.entry] : []));
  const others = lines.length - own.length;
  const rows = own.map((entry) => {
    const { seq, at, act, account, role, intent, outcome } = entry;
    const what = [WORDS[act], intent === null ? "" : `(${intent})`].join(" ").trim();
    const about = account && role ? describeRole({ account, role }) : "";
    return [String(seq), new Date(toMs(at)).toISOString().replace(".000", ""), what, about, outcome ?? ""];
  });
  const rest = others === 0 ? "" : `${count(others, "entry")} of your other terminals and the extension\n`;
  return `${columns(rows)}${rest}`;
}
