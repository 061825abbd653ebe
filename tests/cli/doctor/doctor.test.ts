import { describe, expect, it } from "vitest";
import { parseIni } from "../../../cli/src/config/ini.ts";
import { legacyProfiles, lostPrograms } from "../../../cli/src/doctor/here.ts";
import { sessionFinding } from "../../../cli/src/doctor/paired.ts";
import { clockFinding, type KnownPortal, regionFinding, regionsIn } from "../../../cli/src/doctor/portal.ts";

const sectionsOf = (text: string) => {
  const parsed = parseIni(text);
  if (!parsed.ok) throw new Error(parsed.error.why);
  return parsed.value;
};
const portal = {
  startUrl: "https://acme.awsapps.com/start",
  region: "us-east-1",
  from: { place: "[sso-session acme]", change: "set sso_region =" },
} as KnownPortal;

describe("the doctor", () => {
  it("[CF8] knows profiles of the form before sso-session", () => {
    const found = legacyProfiles(
      sectionsOf(`[profile old]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
[profile new]
sso_session = acme
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
`),
    );
    expect(found).toMatchObject([{ check: "legacy", state: "wrong" }]);
    expect(found[0]!.what).toContain("1 profile of the old form (old)");
    expect(legacyProfiles(sectionsOf("[profile new]\nsso_session = acme\n"))).toEqual([]);
  });

  it("[CF8] finds profiles that run a program which is not there any more", () => {
    const sections = sectionsOf(`[profile dev]
credential_process = /opt/node "/opt/j c/jcfetch.mjs" process dev
jcfetch_account_id = 111122223333
jcfetch_role_name = ReadOnly
[profile other]
credential_process = /opt/gone process x
`);
    expect(lostPrograms(sections, () => true)).toEqual([]);
    const [lost, ...more] = lostPrograms(sections, (path) => path !== "/opt/j c/jcfetch.mjs");
    expect(more).toEqual([]);
    expect(lost?.what).toBe("a jcfetch that is not there any more is run by 1 profile: dev");
  });

  it.each([
    [0, "ok", "right"],
    [59_000, "ok", "right"],
    [-59_000, "ok", "right"],
    [300_000, "wrong", "5 min behind"],
    [-605_000, "wrong", "10 min ahead"],
    [Number.NaN, "note", "does not tell"],
  ])("[CF8] sees a clock that differs by %d ms: %s", (off, state, words) => {
    const finding = clockFinding(1_000_000 + off, 1_000_000 - 1_000, 1_000_000);
    expect(finding.state).toBe(state);
    expect(finding.what).toContain(words);
  });

  it.each([
    ['<meta name="region" content="us-east-1">', "ok"],
    ['{"region":"us-east-1","oidcApiEndpoint":"https://oidc.us-east-1.amazonaws.com"}', "ok"],
    ["connect-src https://portal.sso.eu-central-1.amazonaws.com", "wrong"],
    ['<meta name="region" content="moon-1">', "note"],
    ["", "note"],
  ])("[CF8] compares the region of a portal's page %j: %s", (page, state) => {
    expect(regionFinding(page, portal).state).toBe(state);
  });

  it("[CF8] says where the right region belongs", () => {
    expect(regionsIn("https://assets.sso-portal.eu-west-1.amazonaws.com/x")).toEqual(["eu-west-1"]);
    expect(regionFinding('"region":"eu-west-1"', portal).next).toBe("set sso_region = eu-west-1");
  });

  it("[CF8] speaks of JumpCloud's limit where a session is about to end", () => {
    expect(sessionFinding(7 * 3_600_000).state).toBe("ok");
    expect(sessionFinding(1_200_000)).toMatchObject({
      state: "note",
      next: expect.stringContaining("SessionNotOnOrAfter"),
    });
  });
});
