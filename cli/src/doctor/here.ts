import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { ok } from "@jcfetch/shared/result";
import { tell } from "../agent/control.ts";
import { shareAnswers } from "../agent/elsewhere.ts";
import { type AgentPlace, agentPlace, isOurs } from "../agent/place.ts";
import { askedAgent, isLocked } from "../clocks.ts";
import { readAwsConfig } from "../config/aws-config.ts";
import { profileOf, type Section } from "../config/ini.ts";
import { awsConfigPath, shown } from "../config/paths.ts";
import type { Host } from "../host.ts";
import { namedBundles, readBundles } from "../net/authorities.ts";
import { parseProxy, proxyFor, shownProxy } from "../net/proxy.ts";
import { memoryFolder } from "../sources/direct-place.ts";
import { VERSION } from "../version.ts";
import { count } from "../when.ts";
import { type Finding, failed, fine, note, wrong } from "./finding.ts";

/* What can be told without asking anybody outside of this computer. */

export async function configFindings(host: Host): Promise<readonly Finding[]> {
  const path = shown(awsConfigPath(host), host.home);
  const sections = await readAwsConfig(host);
  if (!sections.ok) return [failed("config", sections.error)];
  const ours = sections.value.filter(has("jcfetch_account_id"));
  const head =
    ours.length === 0
      ? note("config", `${path} has no profile of jcfetch's`, "make one: jcfetch configure")
      : fine("config", `${path}: ${count(ours.length, "profile")} of jcfetch's`);
  return [head, ...legacyProfiles(sections.value), ...lostPrograms(sections.value)];
}

const has =
  (key: string) =>
  ({ settings }: Section): boolean =>
    settings.some((one) => one.key === key);

const names = (sections: readonly Section[]): string =>
  sections
    .flatMap((section) => profileOf(section) ?? [])
    .slice(0, 5)
    .join(", ");

/** @source AWS CLI user guide: the configuration before `sso-session`, whose tokens cannot be refreshed. */
export function legacyProfiles(sections: readonly Section[]): readonly Finding[] {
  const legacy = sections
    .filter((one) => has("sso_start_url")(one) && !has("sso_session")(one))
    .filter((one) => profileOf(one) !== undefined);
  if (legacy.length === 0) return [];
  return [
    wrong(
      "legacy",
      `${count(legacy.length, "profile")} of the old form (${names(legacy)}): AWS's tools ask for a new sign-in every eight hours`,
      "make each anew: jcfetch configure --style sso-session; then remove the old one",
    ),
  ];
}

/** A program that was moved or removed: AWS's tools then say only that they found no credentials. */
export function lostPrograms(sections: readonly Section[], isThere = existsSync): readonly Finding[] {
  const lost = sections.filter(has("jcfetch_account_id")).filter(({ settings }) => {
    const line = settings.find(({ key }) => key === "credential_process")?.value ?? "";
    const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"));
    const program = words.slice(0, words.lastIndexOf("process"));
    return program.some((word) => isAbsolute(word) && !isThere(word));
  });
  if (lost.length === 0) return [];
  return [
    wrong(
      "config",
      `a jcfetch that is not there any more is run by ${count(lost.length, "profile")}: ${names(lost)}`,
      "write them anew: jcfetch profiles sync; one by one: jcfetch configure --profile NAME",
    ),
  ];
}

export async function agentFinding(host: Host): Promise<Finding> {
  const place = agentPlace(host);
  const status = await askedAgent(host);
  if (isLocked(host, status))
    return wrong("agent", "it is locked, so nothing gets credentials", "unlock it: jcfetch agent unlock");
  if (place.mode === "off")
    return note("agent", "off: JCFETCH_AGENT says so; every command does the work itself");
  if (!status) {
    if (place.mode === "given") return givenFinding(place, host);
    const isStrange = existsSync(place.socket) && !isOurs(place, host);
    return isStrange
      ? wrong(
          "agent",
          `what lies at ${place.socket} is not yours alone`,
          `look at it, and remove it: ls -l ${place.socket}`,
        )
      : fine("agent", "none runs; it is started when it is needed");
  }
  if (place.mode === "own" && status.version !== VERSION) {
    const stop = async () => ok(await tell(host, place, "stop"));
    return wrong(
      "agent",
      `it is of another version (${status.version})`,
      "stop it: jcfetch agent stop",
      stop,
    );
  }
  return fine("agent", `runs, ${count(status.roles.length, "role")} held`);
}

async function givenFinding(place: AgentPlace, host: Host): Promise<Finding> {
  const share = await shareAnswers(host, place);
  return share.ok
    ? fine("agent", "a share of one answers: it gives the roles that were shared where it runs")
    : failed("agent", share.error);
}

/** Where tokens of this terminal's own sign-ins are kept. */
export async function keepingFinding(host: Host): Promise<Finding> {
  if (memoryFolder(host) !== undefined) return fine("keyring", "not needed: tokens are kept in memory");
  const { keyringBeside, openSealing } = await import("../config/sealing.ts");
  if (await openSealing("doctor", keyringBeside(host.self.at(-1) ?? "")))
    return fine("keyring", "the system's keyring can be used");
  const lacks = "neither a file system in memory nor the system's keyring can be used";
  return agentPlace(host).mode === "own"
    ? note("keyring", `${lacks}: sign-ins of jcfetch login are in the agent's memory only, and end with it`)
    : note(
        "keyring",
        `${lacks}, so jcfetch login keeps no sign-in`,
        "let an agent keep it: unset JCFETCH_AGENT",
      );
}

export async function networkFindings(host: Host, url: URL): Promise<readonly Finding[]> {
  const setting = proxyFor(url, host.env);
  const proxy = setting && parseProxy(setting.address);
  const way = !setting
    ? fine("proxy", `none for ${url.hostname}`)
    : proxy
      ? fine("proxy", `${shownProxy(proxy)}, of ${setting.variable}`)
      : wrong(
          "proxy",
          `${setting.variable} is no address of an HTTP proxy`,
          `it takes an address such as the one in: jcfetch help network`,
        );
  const bundles = await namedBundles(host);
  const read = await readBundles(bundles);
  if (!read.ok) return [way, failed("certificates", read.error)];
  const named = bundles.map(({ path, namedBy }) => `${shown(path, host.home)} (${namedBy})`);
  const more =
    named.length === 0 ? "the usual authorities and the system's" : `also those of ${named.join(", ")}`;
  return [way, fine("certificates", more)];
}
