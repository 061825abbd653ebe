import { consoleAddress } from "@jcfetch/shared/aws/federation";
import {
  CONSOLE_SERVICES,
  type ConsolePage,
  type ConsoleProblem,
  consolePage,
} from "@jcfetch/shared/domain/console";
import { describeRole } from "@jcfetch/shared/domain/role";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Secret } from "@jcfetch/shared/secret";
import { SECOND_MS } from "@jcfetch/shared/time";
import { bySession, chosenProfile } from "../config/chosen-profile.ts";
import { isRegionName } from "../config/names.ts";
import type { Profile } from "../config/profiles.ts";
import { roleCredentials } from "../credentials.ts";
import { openOnce } from "../endpoint/one-use.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { suggestion } from "../nearest.ts";
import { quoted } from "../quoted.ts";
import { surroundings } from "../sign-in/environment.ts";
import { openBrowser, openersFor } from "../sign-in/opener.ts";
import { awsFetch } from "../sources/direct-network.ts";

export interface ConsoleArgs {
  readonly profile?: string;
  readonly destination?: string;
  readonly region?: string;
  readonly url: boolean;
  readonly minTtlMs?: number;
  readonly session?: string;
}

const AWS_MS = 15 * SECOND_MS;
/** For a browser that has to be started first. */
const BROWSER_MS = 60 * SECOND_MS;

/** [US11] Open the AWS console as a role, on a page. */
export async function openConsole(args: ConsoleArgs, host: Host): Promise<Result<null, Failure>> {
  const profile = await chosenProfile(host, args.profile, (name) => `jcfetch console --profile ${name}`);
  if (!profile.ok) return profile;
  const page = pageFor(args, profile.value, host);
  if (!page.ok) return page;
  const fetched = await roleCredentials(host, bySession(profile.value, args.session), args);
  if (!fetched.ok) return fetched;
  const { credentials, warning } = fetched.value;
  if (warning !== undefined) host.io.note(warning);
  const address = await consoleAddress(credentials, page.value, { fetch: awsFetch(host, AWS_MS) });
  if (!address.ok) return err(refused(profile.value, address.error.code));
  if (args.url) {
    await host.io.out(`${address.value.reveal()}\n`);
    if (host.io.stderrIsTerminal)
      host.io.note("Whoever opens this address within 15 minutes is signed in as the role.");
    return ok(null);
  }
  return show(host, profile.value, page.value, address.value);
}

async function show(
  host: Host,
  profile: Profile,
  page: ConsolePage,
  address: Secret<string>,
): Promise<Result<null, Failure>> {
  const { url, used } = await openOnce(address, BROWSER_MS, host);
  const next = "open it yourself where you have one: jcfetch console --url";
  const opened = await openBrowser(openersFor(surroundings(host), url), host.env);
  if (!opened) return err(fail("no-browser", "there is no browser here that could be opened", next));
  if (!(await used)) return err(fail("no-browser", "no browser came for the console within a minute", next));
  host.io.note(`${profile.name} · ${describeRole(profile)} · ${page.url}`);
  return ok(null);
}

/** The region that was named, else the profile's, else the one of the environment. */
function pageFor(
  { destination, region: named }: ConsoleArgs,
  profile: Profile,
  { env }: Host,
): Result<ConsolePage, Failure> {
  if (named !== undefined && !isRegionName(named)) {
    return err(
      fail("usage", `${quoted(named)} is no region`, "such as eu-west-1; see: jcfetch help console"),
    );
  }
  const region = [named, profile.region, env.AWS_REGION, env.AWS_DEFAULT_REGION].find(
    (one) => one !== undefined && isRegionName(one),
  );
  const page = consolePage(destination, region);
  return page.ok ? page : err(noPage(page.error, destination ?? ""));
}

function noPage(problem: ConsoleProblem, destination: string): Failure {
  const see = "see what it takes: jcfetch help console";
  switch (problem) {
    case "unknown-service":
      return fail(
        "usage",
        `console knows no service ${quoted(destination)}${suggestion(destination, CONSOLE_SERVICES)}`,
        "or give it an ARN or an address of the console: jcfetch help console",
      );
    case "not-an-arn":
      return fail("usage", `${quoted(destination)} is no ARN of a partition that jcfetch knows`, see);
    case "not-a-console":
      return fail("usage", `${quoted(destination)} is no address of the AWS console`, see);
  }
}

const refused = (profile: Profile, code: string): Failure =>
  code === "garbage" || code === "forbidden" || code === "unauthorized"
    ? fail(
        "console-refused",
        `AWS gave no console session for ${describeRole(profile)}`,
        "try again; if it stays so, open the console from the access portal",
      )
    : fail(
        "console-refused",
        "AWS's sign-in service does not answer, or asks for patience",
        "try again in a moment",
      );
