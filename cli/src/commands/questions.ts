import { err, ok, type Result } from "@jcfetch/shared/result";
import { MINUTE_MS } from "@jcfetch/shared/time";
import type { ProfileLook } from "../args-profiles.ts";
import { isRegionName, profileProblem } from "../config/names.ts";
import { OUTPUTS } from "../config/own-profile.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";

const ANSWER_WITHIN_MS = 5 * MINUTE_MS;
/** Wrong answers that one question stands. */
const TRIES = 3;

/** One question; again where the answer does not fit. @param read what is wrong with an answer is said as it stands. */
export async function ask<T>(
  host: Host,
  question: string,
  read: (text: string) => Result<T, string>,
): Promise<Result<T, Failure>> {
  for (let i = 0; i < TRIES; i++) {
    const asked = await host.io.ask(question, { withinMs: ANSWER_WITHIN_MS });
    if (asked.kind !== "answer") {
      return err(
        fail("no-terminal", "no answer was given", "run jcfetch configure again; no profile was written"),
      );
    }
    const answer = read(asked.text.trim());
    if (answer.ok) return answer;
    host.io.note(`  ${answer.error}`);
  }
  return err(
    fail("usage", "three answers did not fit", "run jcfetch configure again; no profile was written"),
  );
}

/** Name and default region, each only where a flag has not answered it. */
export async function askLook(
  { profile, region }: ProfileLook & { readonly profile?: string },
  preset: string,
  host: Host,
): Promise<Result<{ readonly profile: string; readonly region?: string }, Failure>> {
  const name =
    profile === undefined
      ? await ask(host, `Name of the profile [${preset}]: `, (text) => {
          const problem = profileProblem(text === "" ? preset : text);
          return problem === undefined ? ok(text === "" ? preset : text) : err(problem);
        })
      : ok(profile);
  if (!name.ok) return name;
  const chosen = region === undefined ? await askRegion(host) : ok(region);
  if (!chosen.ok) return chosen;
  return ok({ profile: name.value, ...(chosen.value === "" ? {} : { region: chosen.value }) });
}

function askRegion(host: Host): Promise<Result<string, Failure>> {
  const preset = host.env.AWS_REGION ?? host.env.AWS_DEFAULT_REGION ?? "";
  return ask(host, `Default region [${preset === "" ? "none" : preset}]: `, (text) => {
    const region = text === "" ? preset : text;
    return region === "" || isRegionName(region) ? ok(region) : err("a region is written like eu-central-1");
  });
}

/** What AWS's tools print; nothing when that is left to them. */
export async function askOutput(host: Host): Promise<Result<string | undefined, Failure>> {
  return ask(host, `Output of AWS's tools (${OUTPUTS.join(", ")}) [none]: `, (text) => {
    if (text === "") return ok(undefined);
    return OUTPUTS.includes(text) ? ok(text) : err("one of those that stand there, or nothing");
  });
}
