import type { PortalError } from "@jcfetch/shared/aws/errors";
import { listAccountRoles, listAccounts, type Page } from "@jcfetch/shared/aws/portal-client";
import type { AccountId } from "@jcfetch/shared/domain/ids";
import { Pace } from "@jcfetch/shared/pace";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Clock, type EpochMs, MINUTE_MS } from "@jcfetch/shared/time";
import type { AccountView } from "../messaging/directory-lists.ts";
import { type ProblemCode, problem } from "../messaging/problems.ts";
import type { DirectoryView } from "../messaging/view.ts";
import type { Access } from "../sessions/access.ts";
import type { PortalSessions } from "../sessions/portal-session.ts";
import { kept, type Slot, type Storage, slot } from "../sessions/slot.ts";
import { accountView, Directory, EMPTY, ofOwner, ofUser, withAccounts, withRoles } from "./directory-data.ts";

const STALE_AFTER_MS = 15 * MINUTE_MS;
/** After a failure the user's next look does not ask again at once: looking follows each change, and would spin. */
const REST_AFTER_PROBLEM_MS = 10_000;
/** AWS throttles a token at about twenty a second; what is left is for the copies made meanwhile. */
const CALLS_PER_SECOND = 18;
const WORKERS = 6;
const TRIES = 5;
/** Writing the whole directory for each account would be quadratic; this many at a time may be asked twice after a stop. */
const WRITE_EVERY = 20;

export interface DirectoryPorts {
  readonly sessions: PortalSessions;
  readonly storage: Storage;
  readonly fetch: typeof fetch;
  readonly now: Clock;
  readonly wait: (ms: number) => Promise<void>;
  /** Something was read. */
  readonly changed: () => void;
  readonly perSecond?: number;
}

interface Reading {
  readonly done: Promise<void>;
  directory: Directory;
  total: number;
}

/**
 * Accounts and roles of the portals: kept on disk (names, no secrets), shown at once with their age, read again when
 * stale. A reading can stop at any point, with the background or the network, and goes on where it was.
 */
export class Directories {
  readonly #ports: DirectoryPorts;
  readonly #pace: Pace;
  readonly #slots = new Map<string, Slot<Directory>>();
  readonly #readings = new Map<string, Reading>();
  readonly #problems = new Map<string, { code: ProblemCode; atMs: EpochMs }>();

  constructor(ports: DirectoryPorts) {
    this.#ports = ports;
    this.#pace = new Pace({
      perSecond: ports.perSecond ?? CALLS_PER_SECOND,
      now: ports.now,
      wait: ports.wait,
    });
  }

  /** What is known now. Starts or goes on with a reading where one is due. */
  async view(origin: string, refresh = false): Promise<DirectoryView> {
    const session = await this.#ports.sessions.session(origin);
    const stored = ofUser(await this.#load(origin), session);
    if (!this.#readings.has(origin) && (refresh || this.#isDue(origin, stored))) this.#start(origin, stored);
    const reading = this.#readings.get(origin);
    // A reading may be somebody else's, chosen before.
    return this.#viewOf(origin, reading ? ofUser(reading.directory, session) : stored, reading);
  }

  /** Resolves when no reading of this portal is under way. */
  async settled(origin: string): Promise<void> {
    await this.#readings.get(origin)?.done;
  }

  /** Roles of one account, out of turn: the user waits for it. */
  async rolesOf(origin: string, account: AccountId): Promise<Result<string[], ProblemCode>> {
    const access = await this.#ports.sessions.access(origin);
    if (!access.ok) return access;
    const roles = await this.#askRoles(access.value, account);
    if (!roles.ok) return err(await this.#codeOf(origin, roles.error));
    // What the user works with outlasts a background that is stopped; and a reading may have begun meanwhile from what was stored.
    const { owner } = access.value;
    const added = (old: Directory): Directory => withRoles(ofOwner(old, owner), account, roles.value);
    await this.#slot(origin).update(added);
    const reading = this.#readings.get(origin);
    if (reading?.directory.owner === owner) reading.directory = added(reading.directory);
    return roles;
  }

  /** Accounts as far as they have been read for whoever is signed in. */
  async accounts(origin: string): Promise<readonly AccountView[]> {
    return ofUser(await this.stored(origin), await this.#ports.sessions.session(origin)).accounts;
  }

  /** As far as it was ever read; no reading is begun. */
  async stored(origin: string): Promise<Directory> {
    return this.#readings.get(origin)?.directory ?? this.#load(origin);
  }

  /**
   * An account as AWS lists it; AWS is asked when it is not in the list that we have. Undefined when AWS has none of that number.
   * @param tabId the tab whose session is meant: in a container somebody else may be signed in, and has other accounts
   */
  async known(
    origin: string,
    account: AccountId,
    tabId?: number,
  ): Promise<Result<AccountView | undefined, ProblemCode>> {
    const inList = (list: readonly AccountView[]) => list.find(({ id }) => id === account);
    const access = await this.#ports.sessions.access(origin, tabId);
    if (!access.ok) return access;
    const stored = await this.stored(origin);
    const before = stored.owner === access.value.owner ? inList(stored.accounts) : undefined;
    if (before) return ok(before);
    const accounts = await this.#askAccounts(access.value);
    if (!accounts.ok) return err(await this.#codeOf(origin, accounts.error));
    const { owner } = access.value;
    const { owner: acting } = await this.#ports.sessions.session(origin);
    if (acting === owner && !this.#readings.has(origin))
      await this.#slot(origin).update((old) => withAccounts(ofOwner(old, owner), accounts.value));
    return ok(inList(accounts.value));
  }

  async account(origin: string, account: string): Promise<AccountView | undefined> {
    const { accounts } = await this.stored(origin);
    return accounts.find(({ id }) => id === account);
  }

  async accountName(origin: string, account: string): Promise<string | null> {
    return (await this.account(origin, account))?.name ?? null;
  }

  async forget(origin: string): Promise<void> {
    await this.settled(origin);
    await this.#slot(origin).remove();
  }

  /** What stood in the way is gone: the user has signed in again. */
  retry(origin: string): void {
    this.#problems.delete(origin);
  }

  #isDue(origin: string, { pending, completedAtMs }: Directory): boolean {
    const failed = this.#problems.get(origin);
    if (failed && this.#ports.now() - failed.atMs < REST_AFTER_PROBLEM_MS) return false;
    return pending !== null || completedAtMs === null || this.#ports.now() - completedAtMs > STALE_AFTER_MS;
  }

  #start(origin: string, directory: Directory): void {
    const reading: Reading = {
      directory,
      total: directory.accounts.length,
      done: Promise.resolve().then(() => this.#run(origin, reading)),
    };
    this.#readings.set(origin, reading);
  }

  async #run(origin: string, reading: Reading): Promise<void> {
    try {
      const outcome = await this.#read(origin, reading);
      if (outcome.ok) this.#problems.delete(origin);
      else this.#problems.set(origin, { code: outcome.error, atMs: this.#ports.now() });
      await this.#save(origin, reading.directory);
    } finally {
      this.#readings.delete(origin);
      this.#ports.changed();
    }
  }

  async #read(origin: string, reading: Reading): Promise<Result<null, ProblemCode>> {
    const access = await this.#ports.sessions.access(origin);
    if (!access.ok) return access;
    reading.directory = ofOwner(reading.directory, access.value.owner);

    if (reading.directory.pending === null || reading.directory.pending.length === 0) {
      const accounts = await this.#askAccounts(access.value);
      if (!accounts.ok) return err(await this.#codeOf(origin, accounts.error));
      reading.directory = withAccounts(reading.directory, accounts.value);
      await this.#save(origin, reading.directory);
      this.#ports.changed();
    }
    reading.total = reading.directory.accounts.length;

    const refusal = await this.#readRoles(origin, reading, access.value);
    if (refusal) return err(await this.#codeOf(origin, refusal));
    reading.directory = { ...reading.directory, pending: null, completedAtMs: this.#ports.now() };
    return ok(null);
  }

  /** Several workers over one queue; the first refusal that waiting does not mend stops them all. */
  async #readRoles(origin: string, reading: Reading, access: Access): Promise<PortalError | undefined> {
    const queue = [...(reading.directory.pending ?? [])] as AccountId[];
    let stopped: PortalError | undefined;
    let unwritten = 0;
    const work = async (): Promise<void> => {
      for (let account = queue.shift(); account !== undefined && !stopped; account = queue.shift()) {
        const roles = await this.#askRoles(access, account);
        if (!roles.ok) {
          stopped = roles.error;
          return;
        }
        reading.directory = withRoles(reading.directory, account, roles.value);
        this.#ports.changed();
        unwritten += 1;
        if (unwritten >= WRITE_EVERY) {
          unwritten = 0;
          await this.#save(origin, reading.directory);
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    return stopped;
  }

  async #askAccounts(access: Access): Promise<Result<AccountView[], PortalError>> {
    const { fetch } = this.#ports;
    const rows = await this.#allPages((next) => listAccounts(access, next, { fetch }));
    if (!rows.ok) return rows;
    return ok(rows.value.map(accountView));
  }

  /** An account that may not be looked into has no roles for this user; that is no reason to stop. */
  async #askRoles(access: Access, account: AccountId): Promise<Result<string[], PortalError>> {
    const { fetch } = this.#ports;
    const roles = await this.#allPages((next) => listAccountRoles({ ...access, account }, next, { fetch }));
    return !roles.ok && isNothingHere(roles.error) ? ok([]) : roles;
  }

  async #allPages<T>(
    page: (next: string | undefined) => Promise<Result<Page<T>, PortalError>>,
  ): Promise<Result<T[], PortalError>> {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const answer = await this.#patiently(() => page(next));
      if (!answer.ok) return answer;
      items.push(...answer.value.items);
      next = answer.value.next;
    } while (next !== undefined);
    return ok(items);
  }

  async #patiently<T>(call: () => Promise<Result<T, PortalError>>): Promise<Result<T, PortalError>> {
    for (let tries = 1; ; tries++) {
      await this.#pace.turn();
      const answer = await call();
      if (answer.ok) {
        this.#pace.went();
        return answer;
      }
      const { error } = answer;
      if (error.code === "unauthorized" || isNothingHere(error) || tries >= TRIES) return answer;
      this.#pace.refused(error.code === "throttled" ? error.retryAfterMs : undefined);
    }
  }

  async #codeOf(origin: string, { code }: PortalError): Promise<ProblemCode> {
    if (code === "unauthorized") {
      await this.#ports.sessions.check(origin);
      return "sso-expired";
    }
    if (code === "forbidden" || code === "not-found") return "role-not-assigned";
    if (code === "throttled") return "throttled";
    return code === "unreachable" ? "offline" : "upstream";
  }

  #viewOf(origin: string, directory: Directory, reading: Reading | undefined): DirectoryView {
    const { accounts, roles, completedAtMs, pending } = directory;
    const failed = this.#problems.get(origin);
    const done = reading ? reading.total - (pending?.length ?? reading.total) : 0;
    return {
      accounts,
      roles,
      complete: completedAtMs !== null && accounts.every(({ id }) => roles[id] !== undefined),
      ageMs: completedAtMs === null ? null : Math.max(0, this.#ports.now() - completedAtMs),
      progress: reading ? { done, total: reading.total, throttled: this.#pace.throttled } : null,
      problem: failed && !reading ? problem(failed.code) : null,
    };
  }

  #load(origin: string): Promise<Directory> {
    return this.#slot(origin).get();
  }

  #save(origin: string, directory: Directory): Promise<void> {
    return this.#slot(origin).set(directory);
  }

  #slot(origin: string): Slot<Directory> {
    const known =
      this.#slots.get(origin) ??
      kept(slot(this.#ports.storage.local, `directory:${origin}`, Directory, EMPTY));
    this.#slots.set(origin, known);
    return known;
  }
}

const isNothingHere = ({ code }: PortalError): boolean => code === "forbidden" || code === "not-found";
