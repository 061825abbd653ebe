import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { agentPlace } from "../agent/place.ts";
import { cannotWrite, errnoOf } from "../config/files.ts";
import { removeEmpty } from "../config/folder.ts";
import { ownFolder } from "../config/paths.ts";
import { readIfThere, writeWhole } from "../config/replace-file.ts";
import { keyringBeside, openSealing, type Sealing } from "../config/sealing.ts";
import type { SsoSession } from "../config/sessions.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { withLiveLock } from "./direct-lock.ts";
import { isOwn, memoryFolder, prepareOwn } from "./direct-place.ts";
import { parseTokens, type Tokens, tokensText } from "./direct-tokens.ts";

/** The tokens of one session, for every program of this user. */
export interface TokenStore {
  /** `undefined`: nobody is signed in. */
  read(): Promise<Result<Tokens | undefined, Failure>>;
  /** @param anew a person has signed in: what was had by an earlier sign-in is not this one's. */
  write(tokens: Tokens, anew?: "anew"): Promise<Result<null, Failure>>;
  /** They are over. What was got by them meanwhile stays good. */
  remove(): Promise<Result<null, Failure>>;
  /** The person wants no more of it. */
  signOut(): Promise<Result<null, Failure>>;
  /** Its tokens are in the agent's memory alone. */
  readonly endsWithAgent: boolean;
  /** Sees to it that something can be kept, before a person has gone to the trouble of a sign-in. */
  ready(): Promise<Result<null, Failure>>;
  /** [DM6] One program at a time. */
  alone<T>(work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>>;
}

type Place = Pick<Host, "env" | "home" | "platform" | "uid" | "tokens">;
type Portal = Pick<SsoSession, "startUrl" | "region" | "scopes">;

/**
 * [DM5] In a file in memory, or on disk under a key that the system's keyring holds; without both in the agent's own memory.
 * Nothing else will do.
 *
 * @errors `nowhere-to-keep`, `sessions-exposed`.
 */
export async function openTokenStore(host: Host, session: Portal): Promise<Result<TokenStore, Failure>> {
  const path = pathFor(host, session);
  if (!path.endsWith(SEALED)) return ok(fileStore(host, path, AS_IT_IS));
  const sealing = await openSealing(`session ${basename(path)}`, keyringBeside(host.self.at(-1) ?? ""));
  if (sealing !== undefined) return ok(fileStore(host, path, sealing));
  const place = agentPlace(host);
  if (place.mode !== "own") return err(nowhere);
  const { storeAtAgent, storeInMemory } = await import("./agent-token-store.ts");
  const id = idIn(path);
  return ok(
    host.tokens ? storeInMemory(host, place, id, host.tokens) : storeAtAgent(host, place, id, nowhere),
  );
}

const SEALED = ".sealed";

const idIn = (path: string): string => basename(path).replace(/\.\w+$/, "");

function pathFor(host: Place, { startUrl, region, scopes }: Portal): string {
  const id = createHash("sha256")
    .update([startUrl, region, ...scopes].join("\n"))
    .digest("hex")
    .slice(0, 32);
  const memory = memoryFolder(host);
  return memory === undefined ? join(sealedFolder(host), `${id}${SEALED}`) : join(memory, `${id}.json`);
}

const sealedFolder = (host: Place): string => join(ownFolder(host), "sessions");

/** Other with every sign-in, and the same for all tokens that come of one; `undefined` where nobody has signed in. */
export function signInMark(host: Place, session: Portal): string | undefined {
  const path = pathFor(host, session);
  try {
    return readFileSync(markOf(path), "utf8");
  } catch {
    return host.tokens?.markOf(idIn(path));
  }
}

const markOf = (path: string): string => `${path}.mark`;

/** Whether anybody is signed in to anything here. */
export function isAnybodySignedIn(host: Place): boolean {
  if (host.tokens?.isEmpty === false) return true;
  try {
    return readdirSync(memoryFolder(host) ?? sealedFolder(host)).length > 0;
  } catch {
    return false;
  }
}

/** All that was ever kept by `login`, wherever. @returns how many sign-ins there were. */
export async function removeAllTokens(host: Host): Promise<Result<number, Failure>> {
  const ours: string[] = [];
  let count = 0;
  for (const folder of [memoryFolder(host), sealedFolder(host)]) {
    if (folder === undefined || !(await isOwn(host, folder)).ok) continue;
    ours.push(folder);
    count += (await readdir(folder).catch(() => [])).filter((name) => /\.(json|sealed)$/.test(name)).length;
  }
  const done = await removed(ours);
  for (const folder of ours) await removeEmpty(dirname(folder));
  return done.ok ? ok(count) : done;
}

async function removed(paths: readonly string[]): Promise<Result<null, Failure>> {
  for (const path of paths) {
    try {
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      return err(cannotWrite(path, errnoOf(error)));
    }
  }
  return ok(null);
}

const AS_IT_IS: Sealing = {
  seal: async (text) => Buffer.from(text),
  open: async (bytes) => bytes.toString("utf8"),
};

function fileStore(host: Host, path: string, { seal, open }: Sealing): TokenStore {
  const folder = dirname(path);
  const put = async (target: string, bytes: Uint8Array): Promise<Result<null, Failure>> => {
    const written = await writeWhole(target, bytes, { mode: 0o600, durable: false });
    return written.ok ? ok(null) : written;
  };
  return {
    endsWithAgent: false,
    ready: async () => ok(null),
    async read() {
      for (const place of [dirname(folder), folder, path]) {
        const found = await isOwn(host, place);
        if (!found.ok) return found;
        if (!found.value) return ok(undefined);
      }
      const bytes = await readIfThere(path);
      if (!bytes.ok) return bytes;
      const text = bytes.value && (await open(bytes.value));
      return ok(text === undefined ? undefined : parseTokens(text));
    },
    async write(tokens, anew) {
      const prepared = await prepareOwn(host, folder);
      if (!prepared.ok) return prepared;
      const marked = anew ? await put(markOf(path), Buffer.from(randomUUID())) : ok(null);
      return marked.ok ? put(path, await seal(tokensText(tokens))) : marked;
    },
    remove: () => removed([path]),
    signOut: () => removed([path, markOf(path)]),
    async alone(work) {
      const prepared = await prepareOwn(host, folder);
      return prepared.ok ? withLiveLock(`${path}.lock`, work) : prepared;
    },
  };
}

const nowhere = fail(
  "nowhere-to-keep",
  "there is neither a folder in memory nor a keyring nor an agent to keep a sign-in, and jcfetch writes none on a disk",
  "let an agent keep it in its memory: unset JCFETCH_AGENT; or set XDG_RUNTIME_DIR to a folder of yours on a tmpfs",
);
