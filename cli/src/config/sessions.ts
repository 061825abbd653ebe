import { isRegion, parsePortalUrl, type Region } from "@jcfetch/shared/domain/portal";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { suggestion } from "../nearest.ts";
import { quoted } from "../quoted.ts";
import { brokenConfig, readAwsConfig } from "./aws-config.ts";
import { profileOf, type Section, sessionNameOf } from "./ini.ts";
import { awsConfigPath } from "./paths.ts";

/** An `[sso-session NAME]` of `~/.aws/config`: a portal that this terminal signs in at by itself, without a browser's extension. */
export interface SsoSession {
  readonly name: string;
  readonly startUrl: string;
  /** Of the portal. */
  readonly region: Region;
  readonly scopes: readonly string[];
}

/** @source AWS CLI: what a session without `sso_registration_scopes` asks for. */
const DEFAULT_SCOPE = "sso:account:access";

/** The names of all sessions, in the order of the file, whether they can be used or not. */
export async function sessionNames(host: Host): Promise<Result<readonly string[], Failure>> {
  const sections = await readAwsConfig(host);
  return sections.ok ? ok(sections.value.flatMap((section) => sessionNameOf(section) ?? [])) : sections;
}

/** @errors `unknown-session`; `config-broken` for one that cannot be used. */
export async function findSession(host: Host, name: string): Promise<Result<SsoSession, Failure>> {
  const sections = await readAwsConfig(host);
  if (!sections.ok) return sections;
  const section = sections.value.find((one) => sessionNameOf(one) === name);
  if (!section) {
    const names = sections.value.flatMap((one) => sessionNameOf(one) ?? []);
    return err(unknownSession(host, name, names));
  }
  const session = readSession(name, section);
  return session.ok ? session : err(brokenConfig(awsConfigPath(host), session.error));
}

/** The session that a profile names, ours or one of AWS's tools; `undefined` when it names none. */
export async function sessionNameOfProfile(
  host: Host,
  profile: string,
): Promise<Result<string | undefined, Failure>> {
  const sections = await readAwsConfig(host);
  if (!sections.ok) return sections;
  const section = sections.value.find((one) => profileOf(one) === profile);
  const named = ["jcfetch_session", "sso_session"].map((key) => section && textOf(section, key));
  return ok(named.find((name) => name !== undefined && name !== ""));
}

const textOf = ({ settings }: Section, key: string): string | undefined =>
  settings.find((one) => one.key === key)?.value;

function readSession(name: string, section: Section): Result<SsoSession, { line: number; why: string }> {
  const lineOf = (key: string) => section.settings.find((one) => one.key === key)?.line ?? section.line;
  const broken = (key: string, why: string) => err({ line: lineOf(key), why });
  const url = textOf(section, "sso_start_url");
  const region = textOf(section, "sso_region");
  if (!url || !region) {
    return broken("sso_start_url", `[${section.header}] needs sso_start_url and sso_region`);
  }
  if (!isRegion(region)) return broken("sso_region", "sso_region is no region that has an access portal");
  const startUrl = readStartUrl(url);
  if (startUrl === undefined)
    return broken("sso_start_url", "sso_start_url is no address of an access portal");
  const scopes = (textOf(section, "sso_registration_scopes") ?? DEFAULT_SCOPE).split(",");
  const named = scopes.map((scope) => scope.trim()).filter((scope) => scope !== "");
  return ok({ name, startUrl, region, scopes: named });
}

/**
 * In the one spelling that AWS takes. An address that is none of a portal's own goes as it is: AWS has others (an issuer's, a
 * company's own host), it is only ever told to AWS, and AWS refuses what it does not know.
 */
export function readStartUrl(text: string): string | undefined {
  const portal = parsePortalUrl(text);
  if (portal.ok) return portal.value.startUrl;
  const isOther = portal.error === "not-a-portal" && text.length <= 512 && !/[\p{C}\s]/u.test(text);
  return isOther ? text : undefined;
}

function unknownSession(host: Host, name: string, names: readonly string[]): Failure {
  const title = `there is no session ${quoted(name)} in ${awsConfigPath(host)}${suggestion(name, names)}`;
  const next =
    names.length > 0
      ? `sessions: ${names.slice(0, 8).join(", ")}`
      : `add one to that file: [sso-session ${/^[\w.-]+$/.test(name) ? name : "NAME"}] with sso_start_url and sso_region`;
  return fail("unknown-session", title, next);
}
