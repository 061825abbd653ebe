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
  mayBePruned,
} from "@jcfetch/shared/protocol/audit";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type EpochMs, toMs, toSeconds } from "@jcfetch/shared/time";
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

/** Numbers that were skipped: the first and the last that the record does not hold. */
interface Missing {
  readonly from: number;
  readonly to: number;
}

interface Followed {
  readonly from: AuditPlace;
  readonly head: AuditPageSeen["head"];
  readonly missing: readonly Missing[];
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
  const missing: Missing[] = [];
  for (;;) {
    const page = await device.audit(place?.seq ?? after, MAX_AUDIT_PAGE);
    if (!page.ok) return page;
    const { head, lines } = page.value;
    if (place && !goesOnFrom(place, page.value.from, lines)) return err(broken);
    from ??= page.value.from;
    if (place && page.value.from.seq > place.seq)
      missing.push({ from: place.seq + 1, to: page.value.from.seq });
    const places = await followChain(page.value.from, lines);
    if (!places || !look(page.value, places)) return err(broken);
    place = places.at(-1)!;
    if (place.seq === head.seq) return place.ah === head.ah ? ok({ from, head, missing }) : err(broken);
    if (lines.length === 0) return err(broken);
  }
}

interface Verified extends Followed {
  readonly entries: number;
  /** The place this terminal had seen stands in the chain; `pruned`: it is older than all that is kept. */
  readonly seen: "contained" | "nothing" | "pruned";
}

/** [AU4] The whole chain, from where the broker begins to its signed head, and what this terminal has seen on the way. */
async function verifyAudit(device: Brokered, json: boolean, host: Host): Promise<Result<null, Failure>> {
  const folder = ownFolder(host);
  const before = await readSeen(folder, device.grant.did);
  if (!before.ok) return before;
  const verified = await walk(device, before.value, host.now(), (done) =>
    host.io.progress(`${count(done, "entry")} read …`),
  );
  host.io.progress("");
  if (!verified.ok) return verified;
  const { head } = verified.value;
  const saved = await saveSeen(
    folder,
    device.grant.did,
    { n: before.value.n, seq: head.seq, ah: head.ah, rl: head.rl },
    before.value,
  );
  if (!saved.ok) return saved;
  await host.io.out(json ? inJson(verified.value) : verdict(verified.value, before.value));
  return ok(null);
}

const inJson = ({ entries, from, head, missing, seen }: Verified): string => {
  const span = { from: from.seq + 1, to: head.seq };
  return `${JSON.stringify({ whole: missing.length === 0, entries, ...span, missing, seen })}\n`;
};

function verdict({ from, head, missing, seen }: Verified, before: Seen): string {
  const contains = {
    contained: `and contains number ${before.seq}, which this terminal had seen`,
    nothing: "and this terminal has not seen any of it before",
    pruned: `and begins after number ${before.seq}, which this terminal had seen: what is older than 90 days goes`,
  }[seen];
  const but = missing.length === 0 ? "" : ` but for ${spans(missing)}`;
  const why = missing.length === 0 ? "" : SKIPPED;
  return `The audit is whole${but}: numbers ${from.seq + 1} to ${head.seq}, signed by the broker, ${contains}.\n${why}`;
}

const spans = (missing: readonly Missing[]): string =>
  missing.map(({ from, to }) => (from === to ? `number ${from}` : `numbers ${from} to ${to}`)).join(", ");

/** [AU5] Only who has let the broker go on can tell such a gap from one that was made to hide something. */
const SKIPPED =
  "What is missing is lost: the broker's storage was set back, and you let it go on. If you did not, lock all terminals in the extension.\n";

async function walk(
  device: Brokered,
  before: Seen,
  now: EpochMs,
  progress: (done: number) => void,
): Promise<Result<Verified, Failure>> {
  let entries = 0;
  let seen: Verified["seen"] = before.seq === 0 ? "nothing" : "pruned";
  // Whatever this terminal has seen it has seen since it was paired.
  const seenForSeconds = toSeconds(now) - device.grant.iat;
  const followed = await follow(device, 0, ({ head, lines }, places) => {
    if (head.seq < before.seq || head.rl < before.rl) return false;
    const there = before.seq === 0 ? undefined : places.find(({ seq }) => seq === before.seq);
    if (there) seen = "contained";
    entries += lines.length;
    progress(entries);
    return there === undefined || there.ah === before.ah;
  });
  if (!followed.ok) return followed;
  const { from, head, missing } = followed.value;
  if (seen === "pruned") {
    const gap = missing.find((one) => one.from <= before.seq && before.seq <= one.to);
    if (gap) return err(lost(before.seq, gap));
    if (before.seq > from.seq || !mayBePruned(from, head, seenForSeconds)) return err(broken);
  }
  return ok({ ...followed.value, entries, seen });
}

const broken = fail(
  "audit-broken",
  "the broker's audit is not the unbroken record that this terminal has seen",
  "ask who runs the broker; until that is known, lock all terminals in the extension",
);

/** What was seen last lies in a gap: the next answer brings a number behind it. */
const lost = (seq: number, gap: Missing): Failure =>
  fail(
    "audit-broken",
    `number ${seq}, which this terminal has seen, is lost with ${spans([gap])}`,
    "if you let the broker go on after its storage was set back, fetch credentials once; otherwise lock all terminals in the extension",
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
