import { lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { errnoOf } from "../config/files.ts";
import { writeWhole } from "../config/replace-file.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import type { Agent } from "./agent.ts";
import { serve } from "./connection.ts";
import { type Listening, listenAt } from "./listening.ts";
import { answersAt } from "./meeting.ts";
import { type AgentPlace, isPipe, sharesFile, shortHash } from "./place.ts";
import { type KeptShare, type ReadShareRequest, readShares } from "./requests.ts";
import { atShare } from "./share-door.ts";
import { askedEachTime } from "./share-refusals.ts";
import { SHARE_PREFIX } from "./share-terms.ts";
import type { SharedSocket } from "./status.ts";
import { elapsed, type Instant } from "./store.ts";
import type { SharedRole } from "./wire.ts";

interface Terms {
  readonly roles: ReadShareRequest["roles"];
  readonly since: Instant;
  readonly forMs: number;
}

interface Share {
  readonly path: string;
  readonly listening: Listening;
  terms: Terms;
}

interface Ports {
  readonly agent: Pick<Agent, "credentials" | "asks">;
  readonly place: AgentPlace;
  readonly host: Pick<Host, "uid" | "pid">;
  readonly now: () => Instant;
}

/** macOS takes 103 bytes for a socket's path; it has another name for a moment, which may be a little longer. */
const MOST_BYTES = 95;
/** Whoever is at the other end of a forwarded socket cannot use up what the agent needs for itself. */
const MAX_CONNECTIONS = 64;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * [AG18] The sockets of an agent that give some roles alone, until their time is over. Which they are is kept beside the
 * agent's own socket, so that the next agent opens them again where this one was killed or has given way.
 */
export class Shares {
  readonly #ports: Ports;
  readonly #open = new Map<string, Share>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get size(): number {
    return this.#open.size;
  }

  list(): readonly SharedSocket[] {
    return [...this.#open.values()].map(described);
  }

  /** A share at the same path gets these terms. @errors of a place that cannot be used; `not-shared` for roles that ask. */
  open(request: ReadShareRequest): Promise<Result<SharedSocket, Failure>> {
    // One after the other: two that want the same place are to get one socket.
    const opened = this.#turn.then(() => this.#opened(request));
    this.#turn = opened.catch(() => {});
    return opened;
  }

  async #opened({ roles, forMs, path: wished }: ReadShareRequest): Promise<Result<SharedSocket, Failure>> {
    const { agent, place } = this.#ports;
    for (const { source, account, role } of roles) {
      const asks = await agent.asks(source, { account, role });
      if (!asks.ok) return asks;
      if (asks.value) return err(askedEachTime({ account, role }));
    }
    const path = wished ?? shareFolder(place, roles);
    const opened = await this.#openAt(path, { roles, forMs, since: this.#ports.now() }, false);
    if (opened.ok) await this.#keep();
    return opened;
  }

  /** Those that another agent has left, for what is left of their time. */
  async reopen(): Promise<void> {
    const at = this.#ports.now();
    for (const { path, untilMs, roles } of this.#kept()) {
      const forMs = untilMs - at.wallMs;
      if (forMs > 0) await this.#openAt(path, { roles, forMs, since: at }, true);
    }
    await this.#keep();
  }

  /** @returns what was ended: the share at that path, or all. */
  async end(path?: string): Promise<readonly SharedSocket[]> {
    const chosen = [...this.#open.values()].filter((share) => path === undefined || share.path === path);
    for (const share of chosen) this.#end(share);
    await this.#keep();
    return chosen.map(described);
  }

  /** Called every now and then: takes away the sockets whose time is over, or that somebody else has replaced. */
  async tend(): Promise<void> {
    const over = [...this.#open.values()].filter(
      (share) => this.#isOver(share.terms) || !share.listening.isStill(),
    );
    for (const share of over) this.#end(share);
    if (over.length > 0) await this.#keep();
  }

  /** This agent ends, and the next one is to go on with them. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((share) => share.listening.close()));
  }

  #isOver({ since, forMs }: Terms): boolean {
    return elapsed(since, this.#ports.now()) >= forMs;
  }

  /** @param ours what lies there is a share of an agent before this one, which may not have gone altogether. */
  async #openAt(path: string, terms: Terms, ours: boolean): Promise<Result<SharedSocket, Failure>> {
    const there = this.#open.get(path);
    if (there?.listening.isStill()) {
      there.terms = terms;
      return ok(described(there));
    }
    const { host, agent } = this.#ports;
    const unfit = isPipe(path) ? undefined : await unfitFor(path, host, ours);
    if (unfit !== undefined) return err(unfitPlace(path, unfit));
    const server = createServer();
    server.maxConnections = MAX_CONNECTIONS;
    try {
      const share: Share = { path, terms, listening: await listenAt(server, path, host.pid) };
      const answering = atShare(agent, () => ({
        roles: share.terms.roles,
        isOver: this.#isOver(share.terms),
      }));
      server.on("connection", (socket) => serve(socket, answering));
      this.#open.set(path, share);
      return ok(described(share));
    } catch (error) {
      return err(unfitPlace(path, errnoOf(error)));
    }
  }

  /** Its folder stays: a container that was given it is to find the next socket there. */
  #end({ path, listening }: Share): void {
    void listening.close();
    this.#open.delete(path);
  }

  #kept(): readonly KeptShare[] {
    try {
      return readShares(readFileSync(sharesFile(this.#ports.place), "utf8"));
    } catch {
      return [];
    }
  }

  async #keep(): Promise<void> {
    const path = sharesFile(this.#ports.place);
    if (this.#open.size === 0) return rmSync(path, { force: true });
    const kept = [...this.#open.values()].map(
      ({ path: at, terms: { roles, since, forMs } }): KeptShare => ({
        path: at,
        untilMs: since.wallMs + forMs,
        roles,
      }),
    );
    // One that cannot be kept is open all the same: the next agent will not know of it.
    await writeWhole(path, Buffer.from(JSON.stringify(kept)), { mode: 0o600, durable: false });
  }
}

/**
 * [AG18] Where a share of these roles is met: the same roles, the same place. In a folder of its own, as a container needs
 * that is given the folder and goes on when the socket in it is made anew.
 */
export function shareFolder({ folder, socket }: AgentPlace, roles: readonly RoleName[]): string {
  const names = roles.map(({ account, role }) => `${account}/${role}`).sort();
  const name = shortHash([...new Set(names)].join(" ")).slice(0, SHARE_CHARS);
  return isPipe(socket) ? `${socket}-${name}` : join(folder, SHARE_PREFIX + name, "agent.sock");
}

type RoleName = Pick<SharedRole, "account" | "role">;
const SHARE_CHARS = 8;

const described = ({ path, terms: { roles, since, forMs } }: Share): SharedSocket => ({
  path,
  untilMs: since.wallMs + forMs,
  roles: roles.map(({ account, role }) => ({ account, role })),
});

const unfitPlace = (path: string, why: string): Failure =>
  fail(
    "cannot-write",
    `no socket can be made at ${path}: ${why}`,
    "name another place with --path, in a folder of yours that nobody else can write in",
  );

/** [AG18] Why no socket of ours can be there, or `undefined`. Makes the folder if it is not there. */
async function unfitFor(
  path: string,
  { uid }: Pick<Host, "uid">,
  ours: boolean,
): Promise<string | undefined> {
  if (Buffer.byteLength(path) > MOST_BYTES) return `a socket's path has at most ${MOST_BYTES} bytes`;
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const above = lstatSync(folder);
    if (!above.isDirectory() || above.uid !== uid || (above.mode & WRITABLE_BY_OTHERS) !== 0) {
      return "its folder is not yours, or others can write in it";
    }
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isSocket() || found.uid !== uid) return "something else is there";
    return !ours && (await answersAt(path)) ? "somebody answers there already" : undefined;
  } catch (error) {
    return errnoOf(error);
  }
}
