import { createHash } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { Secret } from "@jcfetch/shared/secret";
import { type EpochMs, MINUTE_MS } from "@jcfetch/shared/time";
import { cannotWrite, errnoOf } from "../config/files.ts";
import { readIfThere, writeWhole } from "../config/replace-file.ts";
import type { SsoSession } from "../config/sessions.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { type Fields, membersIn } from "../json.ts";
import { isText, type Tokens } from "./direct-tokens.ts";

/*
 * The token cache that the AWS CLI and the SDKs share. We read it where we have no sign-in of our own, and write it only
 * where we were asked to: what is in it lies readable on a disk.
 * @source botocore `utils.py`, SSOTokenLoader; AWS CLI `customizations/sso/logout.py`.
 */

type Place = Pick<Host, "home">;

/** Named after the session. */
const pathOf = ({ home }: Place, { name }: Pick<SsoSession, "name">): string =>
  join(home, ".aws", "sso", "cache", `${createHash("sha1").update(name).digest("hex")}.json`);

/** Less than this is not worth a call. */
const LEAST_LEFT_MS = MINUTE_MS;

/** [DM8] What another tool's sign-in left for this very session, if it is still good. */
export async function readAwsCache(
  host: Place,
  session: SsoSession,
  nowMs: EpochMs,
): Promise<Tokens | undefined> {
  const bytes = await readIfThere(pathOf(host, session));
  if (!bytes.ok || bytes.value === undefined) return undefined;
  const fields = membersIn(bytes.value.toString("utf8"));
  const { accessToken, region, startUrl } = fields;
  const expiresAtMs = timeOf(fields.expiresAt);
  if (!isText(accessToken) || expiresAtMs === undefined) return undefined;
  if (expiresAtMs - nowMs < LEAST_LEFT_MS) return undefined;
  const isAnother = (found: unknown, own: string) => isText(found) && trimmed(found) !== trimmed(own);
  if (isAnother(region, session.region) || isAnother(startUrl, session.startUrl)) return undefined;
  const tokens = { accessToken: new Secret(accessToken), expiresAtMs, livesMs: expiresAtMs - nowMs };
  const { refreshToken, clientId, clientSecret } = fields;
  const registrationEndsAtMs = timeOf(fields.registrationExpiresAt);
  if (!isText(refreshToken) || !isText(clientId) || !isText(clientSecret) || !registrationEndsAtMs)
    return tokens;
  const registration = {
    clientId,
    clientSecret: new Secret(clientSecret),
    expiresAtMs: registrationEndsAtMs,
  };
  return { ...tokens, refresh: { token: new Secret(refreshToken), registration } };
}

/** Some write `…/start`, some `…/start#/` or with a slash at the end. */
const trimmed = (text: string): string => text.replace(/[#/]+$/, "");

/** `2026-08-01T12:00:00Z`; older versions wrote `UTC` for the Z, and SDKs write milliseconds. */
function timeOf(value: unknown): EpochMs | undefined {
  const ms = isText(value) ? Date.parse(value.replace(/UTC$/, "Z")) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** [DM8] [CL3] Whole or not at all, for the owner alone. */
export async function writeAwsCache(
  host: Place,
  session: SsoSession,
  { accessToken, expiresAtMs, refresh }: Tokens,
): Promise<Result<null, Failure>> {
  const path = pathOf(host, session);
  const content = {
    startUrl: session.startUrl,
    region: session.region,
    accessToken: accessToken.reveal(),
    expiresAt: isoSeconds(expiresAtMs),
    ...(refresh === undefined
      ? {}
      : {
          clientId: refresh.registration.clientId,
          clientSecret: refresh.registration.clientSecret.reveal(),
          registrationExpiresAt: isoSeconds(refresh.registration.expiresAtMs),
          refreshToken: refresh.token.reveal(),
        }),
  };
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    return err(cannotWrite(dirname(path), errnoOf(error)));
  }
  const written = await writeWhole(path, Buffer.from(JSON.stringify(content)), { mode: 0o600 });
  return written.ok ? ok(null) : written;
}

const isoSeconds = (ms: EpochMs): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

/**
 * Remove what AWS's tools keep of sign-ins: the tokens of these sessions, or of all, and the role credentials that came of
 * any, as their files do not say of which.
 *
 * @returns how many files there were.
 */
export async function clearAwsCaches(
  host: Place,
  sessions: readonly Pick<SsoSession, "name">[] | "all",
): Promise<Result<number, Failure>> {
  const cache = join(host.home, ".aws", "sso", "cache");
  const wanted =
    sessions === "all" ? await jsonFilesIn(cache) : sessions.map((session) => pathOf(host, session));
  const tokens = await filesWith(wanted, ({ accessToken }) => accessToken !== undefined);
  const roles = await filesWith(
    await jsonFilesIn(join(host.home, ".aws", "cli", "cache")),
    ({ ProviderType }) => ProviderType === "sso",
  );
  for (const path of [...tokens, ...roles]) {
    try {
      await rm(path, { force: true });
    } catch (error) {
      return err(cannotWrite(path, errnoOf(error)));
    }
  }
  return ok(tokens.length + roles.length);
}

async function jsonFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".json")).map((name) => join(folder, name));
}

/** Those of them that are there and hold what is looked for; a file of another kind is none of our business. */
async function filesWith(paths: readonly string[], holds: (fields: Fields) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const bytes = await readIfThere(path);
    if (bytes.ok && bytes.value && holds(membersIn(bytes.value.toString("utf8")))) found.push(path);
  }
  return found;
}
