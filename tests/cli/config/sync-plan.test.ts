import { describe, expect, it } from "vitest";
import { parseIni } from "../../../cli/src/config/ini.ts";
import { profileProblem } from "../../../cli/src/config/names.ts";
import type { OwnSection } from "../../../cli/src/config/own-profile.ts";
import { planSync, type SyncRules, type WantedRole } from "../../../cli/src/config/sync-plan.ts";

const BILLING: WantedRole = { account: "111122223333", role: "Admin", accountName: "Billing dev" };
const SEARCH: WantedRole = { account: "444455556666", role: "Admin", accountName: "Search" };

/** Sections of a block that holds these lines. */
function sectionsOf(text: string): OwnSection[] {
  const parsed = parseIni(text);
  if (!parsed.ok) throw new Error(parsed.error.why);
  const lines = text.split("\n").slice(0, -1);
  return parsed.value.map((section, i) => ({
    ...section,
    lines: lines.slice(section.line - 1, (parsed.value[i + 1]?.line ?? lines.length + 1) - 1),
  }));
}

interface Case {
  readonly roles?: readonly WantedRole[];
  readonly block?: string;
  readonly taken?: Record<string, string>;
  readonly rules?: Partial<SyncRules>;
}

function plan({ roles = [BILLING, SEARCH], block = "", taken = {}, rules = {} }: Case) {
  return planSync(
    {
      roles,
      allows: ({ account, role }) => roles.some((one) => one.account === account && one.role === role),
      inside: sectionsOf(block),
      taken: new Map(Object.entries(taken)),
    },
    {
      template: "{account}_{role}",
      portal: "acme",
      command: (name) => `jcfetch process ${name}`,
      nameProblem: profileProblem,
      ...rules,
    },
  );
}

const blockOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

describe("a plan for all profiles", () => {
  it("[PR1] adds one for each role, and nothing more the second time", () => {
    const first = plan({ rules: { presetRegion: "us-east-1" } });
    expect(first.add.map(({ name }) => name)).toEqual(["111122223333_Admin", "444455556666_Admin"]);
    expect(first.lines.slice(0, 6)).toEqual([
      "[profile 111122223333_Admin]",
      "credential_process = jcfetch process 111122223333_Admin",
      "jcfetch_account_id = 111122223333",
      "jcfetch_role_name = Admin",
      "jcfetch_template = {account}_{role}",
      "region = us-east-1",
    ]);
    const second = plan({ block: blockOf(first.lines), rules: { presetRegion: "eu-west-1" } });
    expect([second.add, second.change, second.gone, second.collisions]).toEqual([[], [], [], []]);
    expect(second.lines).toEqual(first.lines);
  });

  it("[PR1] leaves a profile that was configured by hand, which counts as its role's", () => {
    const block =
      "[profile mine]\n# note\njcfetch_account_id = 111122223333\njcfetch_role_name = Admin\nregion=x\n";
    const { add, change, same, lines } = plan({
      block,
      rules: { region: "eu-west-1", style: "sso-session" },
    });
    expect([add.map(({ name }) => name), change, same.map(({ name }) => name)]).toEqual([
      ["444455556666_Admin"],
      [],
      ["mine"],
    ]);
    expect(blockOf(lines).startsWith(block)).toBe(true);
  });

  it("[PR1] renames by a new template what sync has written, and keeps what the person put into it", () => {
    const block =
      "[profile a]\ncredential_process = x\njcfetch_account_id = 111122223333\njcfetch_role_name = Admin\njcfetch_template = a\n" +
      "region = eu-west-1\n# why\ns3 =\n  max_queue_size = 5\noutput = text\n";
    const { change, lines } = plan({
      roles: [BILLING],
      block,
      rules: { template: "{account_name:lower}-{role}", presetRegion: "us-east-1" },
    });
    expect(change.map(({ before, after }) => [before.name, after.name])).toEqual([
      ["a", "billing-dev-Admin"],
    ]);
    expect(lines).toEqual([
      "[profile billing-dev-Admin]",
      "credential_process = jcfetch process billing-dev-Admin",
      "jcfetch_account_id = 111122223333",
      "jcfetch_role_name = Admin",
      "jcfetch_template = {account_name:lower}-{role}",
      "region = eu-west-1",
      "output = text",
      "# why",
      "s3 =",
      "  max_queue_size = 5",
    ]);
  });

  it("[PR2] gives a name that two roles would have to neither, and says which", () => {
    const { add, collisions } = plan({ rules: { template: "{role}" } });
    expect(add).toEqual([]);
    expect(collisions).toEqual([
      { name: "Admin", why: "2 roles would have it", roles: ["111122223333/Admin", "444455556666/Admin"] },
    ]);
  });

  it("[PR2] takes no name of anybody else's, nor of a profile made by hand for another role", () => {
    const block = "[profile Search-Admin]\njcfetch_account_id = 999999999999\njcfetch_role_name = S3Admin\n";
    const { add, collisions, gone } = plan({
      block,
      taken: { "Billing-dev-Admin": "line 3 has it" },
      rules: { template: "{account_name}-{role}" },
    });
    expect(add).toEqual([]);
    expect(collisions.map(({ name, why }) => [name, why])).toEqual([
      ["Billing-dev-Admin", "line 3 has it"],
      ["Search-Admin", "it is the profile of 999999999999/S3Admin"],
    ]);
    expect(gone.map(({ name }) => name)).toEqual(["Search-Admin"]);
  });

  it("[PR2] lets nobody have the name that a profile keeps because its new one is taken", () => {
    const synced = (name: string, account: string): string =>
      `[profile ${name}]\ncredential_process = x\njcfetch_account_id = ${account}\njcfetch_role_name = Admin\njcfetch_template = t\n`;
    const { collisions, change, lines } = plan({
      block: synced("Search", BILLING.account) + synced("b", SEARCH.account),
      taken: { "Billing-dev": "somebody has it" },
      rules: { template: "{account_name}" },
    });
    expect(change).toEqual([]);
    expect(collisions.map(({ name, why }) => [name, why])).toEqual([
      ["Billing-dev", "somebody has it"],
      ["Search", "it is the profile of 111122223333/Admin"],
    ]);
    expect(lines.filter((line) => line.startsWith("["))).toEqual(["[profile Search]", "[profile b]"]);
  });

  it("[PR1] swaps two names at once, as nobody is to have both", () => {
    const synced = (name: string, account: string): string =>
      `[profile ${name}]\ncredential_process = x\njcfetch_account_id = ${account}\njcfetch_role_name = Admin\njcfetch_template = t\n`;
    const { collisions, change } = plan({
      block: synced("Search", BILLING.account) + synced("Billing-dev", SEARCH.account),
      rules: { template: "{account_name}" },
    });
    expect(collisions).toEqual([]);
    expect(change.map(({ before, after }) => [before.name, after.name])).toEqual([
      ["Search", "Billing-dev"],
      ["Billing-dev", "Search"],
    ]);
  });

  it.each<[string, WantedRole, string]>([
    ["{account_name}", { account: "111122223333", role: "Admin" }, "account 111122223333 has no name"],
    ["-{role}", BILLING, "a profile name does not begin with a hyphen"],
    ["{account_name}", { ...BILLING, accountName: "日本" }, "a profile name has letters, digits"],
  ])("[PR2] makes no profile by %s for %j, and says why", (template, role, why) => {
    const { add, collisions } = plan({ roles: [role], rules: { template } });
    expect(add).toEqual([]);
    expect(collisions[0]?.why).toContain(why);
  });

  it("[PR1] [PR5] finds those whose role is gone, and leaves profiles of another sign-in out of it", () => {
    const block =
      "[profile old]\njcfetch_account_id = 999999999999\njcfetch_role_name = S3Admin\n" +
      "[profile other]\njcfetch_account_id = 999999999999\njcfetch_role_name = S3Admin\njcfetch_session = second\n" +
      "[profile same]\njcfetch_account_id = 111122223333\njcfetch_role_name = Admin\njcfetch_session = second\n";
    const { gone, add, lines } = plan({ roles: [BILLING], block });
    expect(gone.map(({ name }) => name)).toEqual(["old"]);
    expect(add.map(({ name }) => name)).toEqual(["111122223333_Admin"]);
    expect(blockOf(lines).startsWith(block)).toBe(true);
  });

  it("[PR7] writes for AWS's own sign-in what its tools read, and no program to run", () => {
    const { lines } = plan({
      roles: [BILLING],
      rules: { style: "sso-session", session: { name: "acme", own: false }, output: "json" },
    });
    expect(lines).toEqual([
      "[profile 111122223333_Admin]",
      "sso_session = acme",
      "sso_account_id = 111122223333",
      "sso_role_name = Admin",
      "jcfetch_account_id = 111122223333",
      "jcfetch_role_name = Admin",
      "jcfetch_template = {account}_{role}",
      "output = json",
    ]);
  });
});
