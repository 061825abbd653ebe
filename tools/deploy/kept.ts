/**
 * What the operator keeps of a deployment: the key that invites are made with, and the broker's name. The other secrets are
 * kept by nobody but Cloudflare, which does not give them out again.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { BrokerId } from "@jcfetch/shared/domain/ids";
import { Secret } from "@jcfetch/shared/secret";
import * as v from "valibot";
import { writeWhole } from "../../worker/src/local/files.ts";
import { Wrong } from "./settings.ts";

export interface Kept {
  readonly bid: BrokerId;
  /** 32 bytes, base64url. */
  readonly enrolmentKey: Secret<string>;
}

const File = v.strictObject({
  bid: BrokerId,
  ENROLMENT_KEY: v.pipe(
    v.string(),
    v.check((text) => fromBase64url(text)?.length === 32),
  ),
});

const OTHERS = 0o077;

function stateFolder(): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), ".local/state");
  return join(state, "jcfetch/deployments");
}

export const keptFile = (host: string): string => join(stateFolder(), `${host}.json`);
/** The same of an upload under way: what counts when it has ended well. */
export const nextFile = (host: string): string => join(stateFolder(), `${host}.next.json`);

/** @returns `undefined` when nothing is kept here. @throws Wrong when others can read it, or it is damaged. */
export const readKept = (host: string): Kept | undefined => readFileOf(keptFile(host));

/** What was left behind by an upload that did not end well. @throws Wrong, as above. */
export const readNext = (host: string): Kept | undefined => readFileOf(nextFile(host));

function readFileOf(path: string): Kept | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Wrong(`${path} cannot be read`);
  }
  if (process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0)
    throw new Wrong(`${path} can be read by others: chmod 600 it, and rotate ENROLMENT_KEY if they may have`);
  try {
    const { bid, ENROLMENT_KEY } = v.parse(File, JSON.parse(text));
    return { bid, enrolmentKey: new Secret(ENROLMENT_KEY) };
  } catch {
    throw new Wrong(`${path} is damaged: bring it back from a backup`);
  }
}

/** Written before Cloudflare has it: a key that it alone has would have to be rotated, and everybody enrol again. */
export async function keepNext(host: string, { bid, enrolmentKey }: Kept): Promise<void> {
  mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });
  chmodSync(stateFolder(), 0o700);
  await writeWhole(nextFile(host), JSON.stringify({ bid, ENROLMENT_KEY: enrolmentKey.reveal() }));
}

/** Cloudflare has it: it takes the place of what was kept before. @returns the file's path. */
export function takeNext(host: string): string {
  renameSync(nextFile(host), keptFile(host));
  return keptFile(host);
}
