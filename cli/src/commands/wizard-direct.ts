import type { PortalAccount } from "@jcfetch/shared/aws/portal-client";
import { isRegion, parsePortalUrl } from "@jcfetch/shared/domain/portal";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { ConfigureFlags } from "../args-profiles.ts";
import { writeProfiles } from "../config/aws-config.ts";
import { isAccountId, isRoleName } from "../config/names.ts";
import type { NewSession } from "../config/own-profile.ts";
import { findSession, type SsoSession, sessionNames } from "../config/sessions.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { quoted } from "../quoted.ts";
import { type Direct, directFor } from "../sources/direct.ts";
import { findRegion } from "../sources/portal-region.ts";
import { allPages } from "../sources/portal-roles.ts";
import { login } from "./login.ts";
import { ask, askLook, askOutput } from "./questions.ts";
import type { Wanted } from "./wizard.ts";

/** Rows of a list that are shown at once. */
const SHOWN = 30;

/**
 * Without the extension: portal, sign-in, account, role, name, default region, output; each is asked only where neither a flag nor the
 * file nor AWS has the answer.
 */
export async function askDirect(
  flags: ConfigureFlags,
  host: Host,
): Promise<Result<Wanted & { readonly session: NewSession }, Failure>> {
  const session = await chosenSession(flags, host);
  if (!session.ok) return session;
  const signedIn = await login({ session: session.value.name, ...NO_FLAGS }, false, host);
  if (!signedIn.ok) return signedIn;
  const direct = await directFor(host, session.value);
  if (!direct.ok) return direct;

  const account = await askAccount(flags, direct.value, host);
  if (!account.ok) return account;
  const role = await askRole(flags, account.value, direct.value, host);
  if (!role.ok) return role;
  const ref = { account: account.value, role: role.value };
  const look = await askLook(flags, `${ref.account}_${ref.role}`, host);
  if (!look.ok) return look;
  const output = flags.output === undefined ? await askOutput(host) : ok(flags.output);
  if (!output.ok) return output;
  const named = output.value === undefined ? {} : { output: output.value };
  return ok({ ...look.value, ...named, ref, session: session.value });
}

const NO_FLAGS = { deviceCode: false, noBrowser: false, fresh: false, share: false };

/** One of the file, or a new one, which is written at once: the sign-in goes by what the file says. */
async function chosenSession({ session }: ConfigureFlags, host: Host): Promise<Result<SsoSession, Failure>> {
  const names = await sessionNames(host);
  if (!names.ok) return names;
  const [first, ...others] = names.value;
  const named = session ?? (others.length === 0 ? first : undefined);
  if (named !== undefined && names.value.includes(named)) return findSession(host, named);
  if (session === undefined && first !== undefined) {
    const chosen = await ask(host, `Sign in at ${names.value.join(", ")} [${first}]: `, (text) =>
      text === "" || names.value.includes(text)
        ? ok(text || first)
        : err("one of the names that stand there"),
    );
    return chosen.ok ? findSession(host, chosen.value) : chosen;
  }
  return newSession(session, host);
}

async function newSession(named: string | undefined, host: Host): Promise<Result<SsoSession, Failure>> {
  const portal = await ask(
    host,
    "Start URL of your access portal (https://….awsapps.com/start): ",
    (text) => {
      const parsed = parsePortalUrl(text);
      return parsed.ok
        ? parsed
        : err("the address of an access portal is like https://acme.awsapps.com/start");
    },
  );
  if (!portal.ok) return portal;
  const { startUrl, name } = portal.value;
  const found = await findRegion(startUrl, host.fetch);
  if (found !== undefined) host.io.note(`The portal is in ${found}.`);
  const region = found
    ? ok(found)
    : await ask(host, "Region of the portal (its page and your administrator know it): ", (text) =>
        isRegion(text) ? ok(text) : err("a region that has access portals, like eu-central-1"),
      );
  if (!region.ok) return region;
  const session = { name: named ?? name, startUrl, region: region.value };
  const written = await writeProfiles(host, [], { session });
  return written.ok ? findSession(host, session.name) : written;
}

async function askAccount(
  { account }: ConfigureFlags,
  { ask: askPortal, lists }: Direct,
  host: Host,
): Promise<Result<PortalAccount["account"], Failure>> {
  if (account !== undefined && isAccountId(account)) return ok(account);
  const found = await allPages((next) => askPortal((access) => lists.accounts(access, next)));
  if (!found.ok) return found;
  const rows = found.value
    .map((one) => ({ value: one.account, text: one.name ? `${one.account}  ${one.name}` : one.account }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
  return choose("Account", rows, host);
}

async function askRole(
  { role }: ConfigureFlags,
  account: PortalAccount["account"],
  { ask: askPortal, lists }: Direct,
  host: Host,
) {
  if (role !== undefined && isRoleName(role)) return ok(role);
  const found = await allPages((next) => askPortal((access) => lists.roles(access, account, next)));
  if (!found.ok) return found;
  return choose(
    "Role",
    found.value.sort().map((value) => ({ value, text: value })),
    host,
  );
}

/** By number, or by a part of the text that stands in one row alone. */
async function choose<T>(
  what: string,
  rows: readonly { readonly value: T; readonly text: string }[],
  host: Host,
): Promise<Result<T, Failure>> {
  const [first] = rows;
  if (!first) {
    return err(
      fail("unknown-profile", "AWS has no role for you there", "ask whoever assigns roles in your company"),
    );
  }
  if (rows.length === 1) {
    host.io.note(`The ${what.toLowerCase()} is ${first.text}.`);
    return ok(first.value);
  }
  for (const [i, { text }] of rows.slice(0, SHOWN).entries())
    host.io.note(`${String(i + 1).padStart(3)}  ${text}`);
  const more = rows.length - SHOWN;
  if (more > 0) host.io.note(`     and ${more} more: type a part of the name`);
  return ask(host, `${what}, by number or a part of its name: `, (text) => {
    const chosen = /^\d{1,4}$/.test(text) ? rows[Number(text) - 1] : undefined;
    if (chosen) return ok(chosen.value);
    const exact = rows.find((row) => row.text === text);
    if (exact) return ok(exact.value);
    const fits = rows.filter((row) => row.text.toLowerCase().includes(text.toLowerCase()));
    const [only] = fits;
    if (text !== "" && fits.length === 1 && only) return ok(only.value);
    const some = fits.slice(0, 5).map((row) => row.text);
    return err(fits.length === 0 ? `none has ${quoted(text)}` : `${fits.length} fit: ${some.join("; ")}`);
  });
}
