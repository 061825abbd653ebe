import { lstatSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describeRole } from "@jcfetch/shared/domain/role";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { bySession, chosenProfile } from "../config/chosen-profile.ts";
import { removeLeftovers, willGo } from "../config/leftovers.ts";
import { chosenProfiles } from "../config/matching.ts";
import { writeWhole } from "../config/replace-file.ts";
import { offerVariables } from "../endpoint/environment.ts";
import { type Offer, openEndpoint, servedBy } from "../endpoint/server.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { isAlive } from "../process-signals.ts";
import { holdProfile } from "./exec.ts";

export interface ServeArgs {
  readonly profiles: readonly string[];
  readonly port?: number;
  readonly tokenFile?: string;
  readonly minTtlMs?: number;
  readonly session?: string;
}

const ENDINGS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** [US9] The container endpoint for programs that this command did not start, until it is stopped. */
export async function serve(args: ServeArgs, json: boolean, host: Host): Promise<Result<null, Failure>> {
  const profiles = await servedProfiles(args, host);
  if (!profiles.ok) return profiles;
  const { tokenFile } = args;
  if (tokenFile !== undefined && profiles.value.length !== 1) return err(oneRole);
  const tokenPath = tokenFile === undefined ? undefined : resolve(host.directory, tokenFile);
  const taken = tokenPath === undefined ? undefined : takenBy(tokenPath);
  if (taken) return err(taken);
  const roles = profiles.value.map((profile) => ({
    profile,
    holder: holdProfile(host, bySession(profile, args.session), args),
  }));
  // One after the other: each may have to ask somebody.
  for (const { holder } of roles) {
    const first = await holder.credentials();
    if (!first.ok) return first;
  }
  const opened = await openEndpoint(roles, args.port);
  if (!opened.ok) return opened;
  const { offers } = opened.value;
  const kept = tokenPath === undefined ? ok(null) : await keepToken(offers, tokenPath);
  if (!kept.ok) return kept;
  const stopped = new Promise<void>((resolve) => {
    host.onSignals(ENDINGS, () => resolve());
  });
  if (tokenPath === undefined) await host.io.out(json ? asJson(offers) : offers.map(asLines).join(""));
  host.io.note("Served on this computer's loopback, to whoever has the token, until Ctrl-C.");
  await stopped;
  opened.value.close();
  removeLeftovers();
  return ok(null);
}

const oneRole = fail("usage", "--token-file is for one role", "serve the others by commands of their own");

/** [US13] For a program in another container, as SDKs read it; it goes with this command. */
async function keepToken([offer]: readonly Offer[], path: string): Promise<Result<null, Failure>> {
  const mayReplace = async () => takenBy(path) === undefined;
  const token = Buffer.from(offer!.token.reveal());
  const written = await writeWhole(path, token, { mode: 0o600, durable: false, mayReplace });
  if (!written.ok) return written;
  if (!written.value) return err(takenBy(path) ?? notOurs(path));
  willGo(path);
  return ok(null);
}

/**
 * [US13] The path is free if nothing is there, or nothing is in it, or a token that a command which was killed has left.
 *
 * @returns why it is not
 */
function takenBy(path: string): Failure | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || (found.isFile() && found.size === 0)) return undefined;
  const text = found.isFile() && found.size < MAX_TOKEN_BYTES ? readFileSync(path, "utf8") : "";
  const pid = servedBy(text);
  if (pid === undefined) return notOurs(path);
  return isAlive(pid) ? inUse(path, pid) : undefined;
}

const MAX_TOKEN_BYTES = 100;

const inUse = (path: string, pid: number): Failure =>
  fail(
    "cannot-write",
    `${path} holds the token of a jcfetch serve that still runs (process ${pid})`,
    "name another file, or stop that one",
  );

const notOurs = (path: string): Failure =>
  fail(
    "cannot-write",
    `${path} is there already, and is no token of jcfetch's`,
    "name another file, or remove that one",
  );

async function servedProfiles({ profiles }: ServeArgs, host: Host) {
  if (profiles.length > 0) return chosenProfiles(host, profiles);
  const one = await chosenProfile(host, undefined, (name) => `jcfetch serve ${name}`);
  return one.ok ? ok([one.value]) : one;
}

const variablesOf = ({ url, token }: Offer) => offerVariables(url, token.reveal());

const asLines = (offer: Offer): string =>
  [
    `# ${offer.profile.name} · ${describeRole(offer.profile)}`,
    ...Object.entries(variablesOf(offer)).map(([name, value]) => `${name}=${value}`),
    "",
  ].join("\n");

const asJson = (offers: readonly Offer[]): string =>
  `${JSON.stringify(
    offers.map((offer) => ({
      profile: offer.profile.name,
      account: offer.profile.account,
      role: offer.profile.role,
      variables: variablesOf(offer),
    })),
  )}\n`;
