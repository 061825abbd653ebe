import type { AuditPageSeen } from "@jcfetch/shared/device";
import type { Seen } from "@jcfetch/shared/device-line";
import { describeRole } from "@jcfetch/shared/domain/role";
import {
  type AuditEntry,
  type AuditLine,
  type AuditPlace,
  followChain,
  goesOnFrom,
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

const LISTED = 100;

/** The newest lines. One alone is asked for first, to learn how many there are. */
async function listAudit(device: Brokered, json: boolean, host: Host): Promise<Result<null, Failure>> {
  const first = await device.audit(0, 1);
  if (!first.ok) return first;
  const lines: AuditLine[] = [];
  const end = await follow(device, Math.max(0, first.value.head.seq - LISTED), (page) => {
    lines.push(...page.lines);
    return true;
  });
  if (!end.ok) return end;
  const { head } = end.value;
  await host.io.out(json ? `${JSON.stringify({ head, lines })}\n` : inWords(lines));
  return ok(null);
}

interface Followed {
  readonly from: AuditPlace;
  readonly head: AuditPageSeen["head"];
}

/**
 * From a number on to the signed head, page by page. [AU5] Only the first page may begin later than asked for, as what came
 * before it was pruned; behind a gap the chain must say where that begins.
 */
async function follow(
  device: Brokered,
  after: number,
  look: (page: AuditPageSeen, places: readonly AuditPlace[]) => boolean,
): Promise<Result<Followed, Failure>> {
  let from: AuditPlace | undefined;
  let place: AuditPlace | undefined;
  for (;;) {
    const page = await device.audit(place?.seq ?? after, MAX_AUDIT_PAGE);
    if (!page.ok) return page;
    const { head, lines } = page.value;
    if (place && !goesOnFrom(place, page.value.from, lines)) return err(broken);
    from ??= page.value.from;
    const places = await followChain(page.value.from, lines);
    if (!places || !look(page.value, places)) return err(broken);
    place = places.at(-1)!;
    if (place.seq === head.seq) return place.ah === head.ah ? ok({ from, head }) : err(broken);
    if (lines.length === 0) return err(broken);
  }
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
  let entries = 0;
  let seen: Verified["seen"] = before.seq === 0 ? "nothing" : "pruned";
  const followed = await follow(device, 0, ({ head, lines }, places) => {
    if (head.seq < before.seq || head.rl < before.rl) return false;
    const there = before.seq === 0 ? undefined : places.find(({ seq }) => seq === before.seq);
    if (there) seen = "contained";
    entries += lines.length;
    progress(entries);
    return there === undefined || there.ah === before.ah;
  });
  return followed.ok ? ok({ ...followed.value, entries, seen }) : followed;
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
  skip: "record goes on behind what was lost",
};

function inWords(lines: readonly AuditLine[]): string {
  const own = lines.flatMap((line) => ("entry" in line ? [line.entry] : []));
  const others = lines.length - own.length;
  const rows = own.map((entry) => {
    const { seq, at, act, account, role, intent, outcome } = entry;
    const what = [WORDS[act], intent === null ? "" : `(${intent})`].join(" ").trim();
    const about = account && role ? describeRole({ account, role }) : "";
    const came = act === "skip" ? "" : (outcome ?? "");
    return [String(seq), new Date(toMs(at)).toISOString().replace(".000", ""), what, about, came];
  });
  const rest = others === 0 ? "" : `${count(others, "entry")} of your other terminals and the extension\n`;
  return `${columns(rows)}${rest}`;
}
