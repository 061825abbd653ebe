import { describe, expect, it } from "vitest";
import { parseIni } from "../../../cli/src/config/ini.ts";
import { sessionLines } from "../../../cli/src/config/session-section.ts";

const SESSION = { name: "acme", startUrl: "https://acme.awsapps.com/start", region: "eu-west-1" };

function linesBeside(config: string) {
  const sections = parseIni(config);
  if (!sections.ok) throw new Error(sections.error.why);
  return sessionLines({ inside: [], outside: sections.value }, SESSION, "~/.aws/config");
}

const HEADERS = ["[sso-session acme]", '[sso-session "acme"]', "[sso-session 'acme']", "[sso-session  acme]"];

describe("a session that is there already", () => {
  it.each(HEADERS)("[PR7] is not written again beside %s", (header) => {
    const there = `${header}\nsso_start_url = ${SESSION.startUrl}/\nsso_region = ${SESSION.region}\n`;
    expect(linesBeside(there)).toEqual({ ok: true, value: [] });
  });

  it.each(HEADERS)("[PR7] is left alone where %s leads elsewhere", (header) => {
    const there = `${header}\nsso_start_url = https://other.awsapps.com/start\nsso_region = eu-west-1\n`;
    expect(linesBeside(there)).toMatchObject({ ok: false, error: { code: "foreign-session" } });
  });

  it("[PR7] is written where there is none", () => {
    expect(linesBeside("[sso-session acme2]\nsso_region = eu-west-1\n")).toMatchObject({
      ok: true,
      value: expect.arrayContaining(["[sso-session acme]"]),
    });
  });
});
