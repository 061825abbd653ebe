import type { PortalError } from "@jcfetch/shared/aws/errors";
import type { Page, PortalAccess, PortalAccount } from "@jcfetch/shared/aws/portal-client";
import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { Pace } from "@jcfetch/shared/pace";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Clock, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import type { WantedRole } from "../config/sync-plan.ts";
import type { Failure } from "../exit.ts";
import { awsFailure } from "./direct-failures.ts";

/** The portal API's lists. */
export interface Lists {
  accounts(access: PortalAccess, next: string | undefined): Promise<Result<Page<PortalAccount>, PortalError>>;
  roles(
    access: PortalAccess,
    account: AccountId,
    next: string | undefined,
  ): Promise<Result<Page<RoleName>, PortalError>>;
}

/** How far a reading has come: names and numbers, nothing secret. */
export interface Checkpoint {
  readonly startedAtMs: number;
  readonly accounts: readonly PortalAccount[];
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly perSecond: number;
  readonly leftMs: number;
}

export interface RolesPorts {
  readonly lists: Lists;
  /** Makes a call with a token that is good, and again with a newer one where AWS refuses the first. */
  readonly withToken: <T>(
    call: (access: PortalAccess) => Promise<Result<T, PortalError>>,
  ) => Promise<Result<T, Failure>>;
  readonly now: Clock;
  readonly wait: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly load: () => Promise<Checkpoint | undefined>;
  /** `undefined`: it is complete. */
  readonly save: (checkpoint: Checkpoint | undefined) => Promise<void>;
  readonly progress: (progress: Progress) => void;
}

/** AWS throttles a token at about twenty calls a second; what is left is for credentials fetched meanwhile. */
const CALLS_PER_SECOND = 18;
const WORKERS = 6;
const TRIES = 8;
/** A reading that was stopped is gone on with for so long; roles that changed meanwhile are found by the next. */
const GOES_ON_FOR_MS = 15 * MINUTE_MS;
/** At most so many accounts are asked again after a stop. */
const SAVE_EVERY = 20;

/**
 * [PR8] Every role of every account, as fast as AWS allows and no faster. Stopped anywhere, the next reading goes on there.
 *
 * @errors what `withToken` makes of a refusal that waiting does not mend.
 */
export async function readPortalRoles(ports: RolesPorts): Promise<Result<readonly WantedRole[], Failure>> {
  const pace = new Pace({ perSecond: CALLS_PER_SECOND, ...ports });
  const stopped = await ports.load();
  const goesOn = stopped && ports.now() - stopped.startedAtMs < GOES_ON_FOR_MS ? stopped : undefined;
  const started = goesOn ? ok(goesOn) : await begin(ports, pace);
  if (!started.ok) return started;
  const { accounts, startedAtMs } = started.value;
  const roles: Record<string, readonly string[]> = { ...started.value.roles };
  const save = (): Promise<void> => ports.save({ startedAtMs, accounts, roles });

  const queue = accounts.filter(({ account }) => roles[account] === undefined);
  const tell = teller(ports, queue.length, accounts.length);
  tell(0);
  let failed: Failure | undefined;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !failed; next = queue.shift()) {
      const found = await rolesOf(next.account, ports, pace);
      if (!found.ok) {
        failed = found.error;
        return;
      }
      roles[next.account] = found.value;
      tell(++done);
      if (done % SAVE_EVERY === 0) await save();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  if (failed) {
    await save();
    return err(failed);
  }
  await ports.save(undefined);
  return ok(accounts.flatMap((account) => wanted(account, roles[account.account] ?? [])));
}

const wanted = ({ account, name }: PortalAccount, roles: readonly string[]): WantedRole[] =>
  [...roles].sort().map((role) => ({ account, role, ...(name === undefined ? {} : { accountName: name }) }));

async function begin(
  { lists, now, save, withToken }: RolesPorts,
  pace: Pace,
): Promise<Result<Checkpoint, Failure>> {
  const startedAtMs = now();
  const found = await allPages<PortalAccount>((next) =>
    withToken((access) => patiently(pace, () => lists.accounts(access, next))),
  );
  if (!found.ok) return found;
  const accounts = [...found.value].sort((a, b) => (a.account < b.account ? -1 : 1));
  await save({ startedAtMs, accounts, roles: {} });
  return ok({ startedAtMs, accounts, roles: {} });
}

/** An account that may not be looked into has no roles for this user; that is no reason to stop. */
function rolesOf(
  account: AccountId,
  { lists, withToken }: RolesPorts,
  pace: Pace,
): Promise<Result<RoleName[], Failure>> {
  return allPages<RoleName>((next) =>
    withToken(async (access) => {
      const page = await patiently(pace, () => lists.roles(access, account, next));
      return !page.ok && isNothingHere(page.error) ? ok({ items: [] }) : page;
    }),
  );
}

/** A hundred items each: more than AWS has of anything. */
const MOST_PAGES = 1_000;

/** Of a list that comes in pages. @errors `upstream` for one without an end. */
export async function allPages<T>(
  page: (next: string | undefined) => Promise<Result<Page<T>, Failure>>,
): Promise<Result<T[], Failure>> {
  const items: T[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const answer = await page(next);
    if (!answer.ok) return answer;
    items.push(...answer.value.items);
    next = answer.value.next;
    if (next === undefined) return ok(items);
  }
  return err(awsFailure({ code: "garbage" }));
}

async function patiently<T>(
  pace: Pace,
  call: () => Promise<Result<T, PortalError>>,
): Promise<Result<T, PortalError>> {
  for (let tries = 1; ; tries++) {
    await pace.turn();
    const answer = await call();
    if (answer.ok) {
      pace.went();
      return answer;
    }
    const { error } = answer;
    const passes = error.code === "throttled" || error.code === "unreachable";
    if (!passes || tries >= TRIES) return answer;
    pace.refused(error.code === "throttled" ? error.retryAfterMs : undefined);
  }
}

const isNothingHere = ({ code }: PortalError): boolean => code === "forbidden" || code === "not-found";

/** Says how far it is, from how fast it went so far; at first, from how fast it may. */
function teller({ now, progress }: RolesPorts, open: number, total: number): (done: number) => void {
  const fromMs = now();
  return (done) => {
    const elapsedMs = now() - fromMs;
    const perSecond = done === 0 || elapsedMs === 0 ? CALLS_PER_SECOND : (done * SECOND_MS) / elapsedMs;
    const leftMs = ((open - done) * SECOND_MS) / perSecond;
    progress({ done: total - open + done, total, perSecond, leftMs });
  };
}
