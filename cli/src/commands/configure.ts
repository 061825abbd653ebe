import { describeRole } from "@jcfetch/shared/domain/role";
import { decide } from "@jcfetch/shared/protocol/policy";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { ConfigureFlags } from "../args-profiles.ts";
import { signInOf } from "../clocks.ts";
import { writeProfiles } from "../config/aws-config.ts";
import { credentialProcess } from "../config/command-line.ts";
import { namesWithKeys } from "../config/credentials-file.ts";
import { isAccountId, isRoleName } from "../config/names.ts";
import type { NewProfile, NewSession } from "../config/own-profile.ts";
import { awsConfigPath, awsCredentialsPath, shown } from "../config/paths.ts";
import { findSession } from "../config/sessions.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { portalName } from "../portal-name.ts";
import { type Brokered, openBrokered } from "../sources/brokered.ts";
import { directSession } from "../sources/role-list.ts";
import { askMissing, noTerminal, type Wanted } from "./wizard.ts";

/** A profile in `~/.aws/config` that AWS's tools and SDKs use without knowing of us. */
export async function configure(flags: ConfigureFlags, host: Host): Promise<Result<null, Failure>> {
  const device = await openBrokered(host);
  const chosen = await wantedProfile(flags, device, host);
  if (!chosen.ok) return chosen;
  const { wanted, session, own, lacking } = chosen.value;
  const entry = {
    ...wanted,
    ...(flags.output === undefined ? {} : { output: flags.output }),
    ...(flags.style === undefined ? {} : { style: flags.style }),
  };
  const added = await addProfiles(host, [entry], session ? { session, own } : {});
  if (!added.ok) return added;

  const { profile, ref } = wanted;
  const path = shown(awsConfigPath(host), host.home);
  host.io.note(`${path}: profile ${profile} is the role ${describeRole(ref)}`);
  if (flags.style === "sso-session") {
    host.io.note(`AWS's tools sign in for it by themselves: aws sso login --profile ${profile}`);
    return ok(null);
  }
  const missing = own && session ? await missingSignIn(session.name, host) : lacking;
  if (missing !== undefined) host.io.note(`  → ${missing}`);
  else if (!own && device.ok && decide(device.value.grant, ref).access === "denied") {
    host.io.note("  → this terminal was not given that role; to add it, pair again: jcfetch pair");
  } else host.io.note(`Try it: aws sts get-caller-identity --profile ${profile}`);
  return ok(null);
}

async function missingSignIn(name: string, host: Host): Promise<string | undefined> {
  const session = await findSession(host, name);
  if (session.ok && (await signInOf(host, session.value)).tokenEndsAtMs !== null) return undefined;
  return `you are not signed in yet: jcfetch login --session ${name}`;
}

interface Chosen {
  readonly wanted: Wanted;
  /** By which it is signed in: by ourselves with `own`, else by AWS's tools. */
  readonly session?: NewSession;
  readonly own: boolean;
  /** What this terminal lacks that the profile needs. */
  readonly lacking?: string;
}

async function wantedProfile(
  flags: ConfigureFlags,
  device: Result<Brokered, Failure>,
  host: Host,
): Promise<Result<Chosen, Failure>> {
  const direct = await directSession(flags.session, device, host);
  // Which of several it is to be, a person is asked.
  if (!direct.ok && direct.error.code !== "not-paired") return direct;
  const own = direct.ok ? direct.value : undefined;
  const given = wantedByFlags(flags);
  if (own && given) return ok({ wanted: given, session: own, own: true });
  const needsPortal = !device.ok && flags.style === "sso-session";
  if (own || (!device.ok && !given) || (needsPortal && host.io.stdinIsTerminal)) {
    if (!host.io.stdinIsTerminal) return err(noTerminal());
    const asked = await (await import("./wizard-direct.ts")).askDirect(flags, host);
    return asked.ok ? ok({ wanted: asked.value, session: asked.value.session, own: true }) : asked;
  }
  const session = sessionOf(flags, device);
  if (!session.ok) return session;
  const wanted = given ? ok(given) : await askGranted(flags, device, host);
  if (!wanted.ok) return wanted;
  return ok({
    ...{ wanted: wanted.value, own: false },
    ...(session.value ? { session: session.value } : {}),
    ...lackingOf(device, direct),
  });
}

function lackingOf(
  device: Result<Brokered, Failure>,
  direct: Result<unknown, Failure>,
): Pick<Chosen, "lacking"> {
  if (device.ok) return {};
  const { title } = device.error;
  return { lacking: direct.ok ? `${title}: jcfetch pair` : `${direct.error.title}; ${direct.error.next}` };
}

async function askGranted(
  flags: ConfigureFlags,
  device: Result<Brokered, Failure>,
  host: Host,
): Promise<Result<Wanted, Failure>> {
  if (!host.io.stdinIsTerminal) return err(noTerminal());
  return device.ok ? askMissing(flags, device.value, host) : device;
}

function wantedByFlags({ profile, account, role, region }: ConfigureFlags): Wanted | undefined {
  if (account === undefined || role === undefined) return undefined;
  if (!isAccountId(account) || !isRoleName(role)) throw new Error("flags were checked");
  return {
    profile: profile ?? `${account}_${role}`,
    ref: { account, role },
    ...(region === undefined ? {} : { region }),
  };
}

type Entry = Wanted & Pick<NewProfile, "style">;

interface Adding {
  readonly session?: NewSession;
  readonly own?: boolean;
  readonly taken?: (failure: Failure) => void;
}

/**
 * Nothing asked, nothing said.
 *
 * @param taken what to do with a name that is somebody else's; without it, nothing is written.
 * @errors `foreign-profile`, `foreign-session`.
 */
export async function addProfiles(
  host: Host,
  wanted: readonly Entry[],
  { session, own = false, taken }: Adding = {},
): Promise<Result<null, Failure>> {
  const keys = await namesWithKeys(host);
  if (!keys.ok) return keys;
  const entries: NewProfile[] = [];
  for (const { profile: name, ref, region, output, style } of wanted) {
    const line = keys.value.get(name);
    if (line !== undefined) {
      const failure = shadowed(awsCredentialsPath(host), line, name);
      if (!taken) return err(failure);
      taken(failure);
      continue;
    }
    const command = style === "sso-session" ? ok("") : credentialProcess(host.self, name);
    if (!command.ok) return command;
    entries.push({
      ...{ name, ...ref, command: command.value },
      ...(style === undefined ? {} : { style }),
      ...(region === undefined ? {} : { region }),
      ...(output === undefined ? {} : { output }),
      ...(session === undefined ? {} : { session: { name: session.name, own } }),
    });
  }
  return writeProfiles(host, entries, {
    ...(session === undefined ? {} : { session }),
    ...(taken === undefined ? {} : { taken }),
  });
}

/** What AWS's tools sign in at by themselves: the portal of the pairing. */
function sessionOf(
  { style, session }: ConfigureFlags,
  device: Result<Brokered, Failure>,
): Result<NewSession | undefined, Failure> {
  if (style !== "sso-session") return ok(undefined);
  if (!device.ok) return device;
  const { start: startUrl, region } = device.value.grant.policy;
  return ok({ name: session ?? portalName(startUrl), startUrl, region });
}

const shadowed = (path: string, line: number, name: string): Failure =>
  fail(
    "foreign-profile",
    `${path}, line ${line}, has keys under the name ${name}, and they would win`,
    "choose another name: jcfetch configure --profile NAME; nothing was changed",
  );
