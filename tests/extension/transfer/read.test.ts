import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OWN_FORMAT, readOwn, writeOwn } from "../../../extension/src/transfer/own.ts";
import { type ImportPlan, MAX_IMPORT_CHARS } from "../../../extension/src/transfer/plan.ts";
import { readImport } from "../../../extension/src/transfer/read.ts";
import { resolve } from "../../../extension/src/transfer/resolve.ts";
import { ACME, accountId, roleAt, switcher, view } from "../ui/story-parts.ts";

function planOf(text: string): ImportPlan {
  const read = readImport(text);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

describe("[TX1] ~/.aws/config", () => {
  const CONFIG = `
[default]
region = eu-west-1

[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1

[profile payments-prod.ReadOnly]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = ReadOnly

[profile payments-prod.Deploy]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = Deploy  ; by hand
s3 =
  max_concurrent_requests = 20

[profile old]
sso_start_url = https://globex.awsapps.com/start#/
sso_account_id = 444455556666
sso_role_name = Admin

[profile a]
sso_session = gone
sso_account_id = 777788889999
sso_role_name = X
[profile b]
sso_session = gone
sso_account_id = 777788889999
sso_role_name = Y
this is no line
`;

  it("gives accounts the names of their profiles, without the roles, and the roles themselves", () => {
    const plan = planOf(CONFIG);
    expect(plan.kind).toBe("aws-config");
    expect(plan.labels).toEqual([
      { portal: ACME, account: "111122223333", label: "payments-prod" },
      { portal: "https://globex.awsapps.com", account: "444455556666", label: "old" },
    ]);
    expect(plan.favorites).toHaveLength(5);
    expect(plan.favorites[1]).toEqual({ portal: ACME, account: "111122223333", role: "Deploy" });
  });

  it("names what it leaves out, with line and reason", () => {
    expect(planOf(CONFIG).skipped).toEqual([
      { line: 34, text: "this is no line", why: "not-a-line" },
      { line: 2, text: "[default]", why: "not-identity-center" },
      { line: 26, text: "777788889999: a, b", why: "several-names" },
    ]);
  });
});

describe("[TX1] AWS Extend Switch Roles", () => {
  const INI = `
; what people have there
[profile pay-prod]
aws_account_id = 111122223333
role_name = AWSReservedSSO_ReadOnly_0123456789abcdef
color = ff0000
group = pay

[data]
role_arn = arn:aws:iam::444455556666:role/path/Developer
group = data
image = "https://example.com/a.png"

[nobody]
source_profile = base
`;

  it("takes names as labels, groups as tags, and permission sets as favorites", () => {
    const plan = planOf(INI);
    expect(plan.kind).toBe("extend-switch-roles");
    expect(plan.labels).toEqual([
      { portal: null, account: "111122223333", label: "pay-prod" },
      { portal: null, account: "444455556666", label: "data" },
    ]);
    expect(plan.favorites).toEqual([{ portal: null, account: "111122223333", role: "ReadOnly" }]);
    expect(plan.rules).toEqual([
      { on: "id", match: "/^(111122223333)$/", environment: null, tags: ["pay"] },
      { on: "id", match: "/^(444455556666)$/", environment: null, tags: ["data"] },
    ]);
  });

  it("names sections without an account and keys without a use", () => {
    expect(planOf(INI).skipped).toEqual([
      { line: 14, text: "[nobody]", why: "no-account" },
      { line: 6, text: "color", why: "not-used" },
      { line: 12, text: "image", why: "not-used" },
      { line: 15, text: "source_profile", why: "not-used" },
    ]);
  });
});

describe("[TX1] AWS SSO Extender", () => {
  const profiles = {
    "p-1": { favorite: true, label: "mine", color: "ff0000", iamRoles: [] },
    "p-2": { favorite: false, label: null, color: "", iamRoles: [] },
    "p-3": "broken",
  };

  it("takes favorites whose account can be told", () => {
    const appProfiles = [
      { profile: { id: "p-1", name: "ReadOnly" }, searchMetadata: { AccountId: "111122223333" } },
      { profile: { id: "p-9" } },
    ];
    const plan = planOf(JSON.stringify({ users: [{ custom: { profiles } }], appProfiles, settings: {} }));
    expect(plan).toMatchObject({
      kind: "sso-extender",
      favorites: [{ portal: null, account: "111122223333", role: "ReadOnly" }],
      skipped: [
        { text: "p-1: mine", why: "not-used" },
        { text: "p-3", why: "unreadable" },
      ],
    });
  });

  it("says of its export that it names roles by ids from which nothing can be told", () => {
    const plan = planOf(JSON.stringify({ user: { profiles }, extension: {} }));
    expect(plan.favorites).toEqual([]);
    expect(plan.skipped[0]).toEqual({ line: null, text: "p-1", why: "internal-id" });
  });
});

describe("our own file", () => {
  const labels = { [ACME]: { [accountId(0)]: "Pay" } };
  const rules = { managed: [], own: [{ on: "name", match: "x*", environment: "dev", tags: [] } as const] };
  const before = view({
    switcher: switcher({ labels, rules: { ...rules, own: [{ ...rules.own[0]!, tags: [] }] } }),
  });

  it("[TX3] holds settings, labels, rules and favorites, and nothing else of the state", () => {
    const data = JSON.parse(writeOwn(before)) as Record<string, unknown>;
    expect(Object.keys(data).sort()).toEqual(["favorites", "format", "guard", "labels", "prefs", "rules"]);
    const text = JSON.stringify(data);
    expect(text).not.toContain(before.broker.bid);
    expect(text).not.toContain(before.devices[0]!.did);
  });

  it("[TX1] comes back as it went", () => {
    const plan = planOf(writeOwn(before));
    expect(plan).toEqual({
      kind: "jcfetch",
      prefs: before.prefs,
      guard: before.guard.prefs,
      labels: [{ portal: ACME, account: accountId(0), label: "Pay" }],
      favorites: before.favorites,
      rules: before.switcher.rules.own,
      skipped: [],
    });
  });

  it("[TX1] is read entry by entry: what cannot be read is named, and costs nothing else", () => {
    const plan = readOwn({
      format: OWN_FORMAT,
      prefs: { format: "perl", theme: "dark", __proto__x: 1 },
      guard: { clipboardSeconds: 5, noticeSession: true },
      labels: [{ portal: "http://evil.example", account: "1", label: "x" }],
      favorites: [{ ...roleAt(0, "ReadOnly") }, 7],
      rules: "all",
      devices: [],
    });
    expect(plan).toMatchObject({
      prefs: { theme: "dark" },
      guard: { noticeSession: true },
      labels: [],
      rules: [],
    });
    expect(plan.favorites).toHaveLength(1);
    expect(plan.skipped.map(({ text, why }) => `${text} ${why}`).sort()).toEqual([
      "devices not-used",
      "favorites[1] unreadable",
      "guard.clipboardSeconds unreadable",
      "labels[0] unreadable",
      "prefs.__proto__x not-used",
      "prefs.format unreadable",
      "rules unreadable",
    ]);
  });
});

describe("[TX1] any text at all", () => {
  const LINES = fc.constantFrom(
    "[profile x]",
    "[sso-session s]",
    "[",
    "[]",
    "aws_account_id = 111122223333",
    "role_arn = arn:aws:iam::111122223333:role/x",
    "role_name = AWSReservedSSO__0123456789abcdef",
    "sso_account_id=111122223333",
    "sso_role_name = __proto__",
    "sso_session = constructor",
    "sso_start_url = https://acme.awsapps.com/start",
    "group = ",
    "= x",
    "constructor = 1",
  );
  const good = (text: string): void => {
    const read = readImport(text);
    if (!read.ok) {
      expect(["unknown", "nothing", "too-large"]).toContain(read.error);
      return;
    }
    const { parts, strange } = resolve(
      read.value,
      { settings: true, labels: true, favorites: true, rules: true, portal: ACME },
      [ACME],
    );
    expect(strange).toBeGreaterThanOrEqual(0);
    for (const { portal, account, label } of parts.labels) {
      expect([portal, /^\d{12}$/.test(account), label.length > 0]).toEqual([ACME, true, true]);
      expect(label.length).toBeLessThanOrEqual(60);
    }
    for (const { text: shown } of read.value.skipped) {
      expect(shown.length).toBeLessThanOrEqual(80);
      expect(shown).not.toMatch(/\p{C}/u);
    }
  };

  it("is read or refused, and never makes the reading fail", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), good));
    fc.assert(
      fc.property(fc.array(fc.oneof(LINES, fc.string()), { maxLength: 40 }), (all) => good(all.join("\n"))),
    );
    fc.assert(fc.property(fc.json(), good));
  });

  it("that begins like one of ours is read or refused, whatever its members are", () => {
    const member = fc.jsonValue();
    const names = ["prefs", "guard", "labels", "favorites", "rules", "other"];
    const record = fc.record(Object.fromEntries(names.map((name) => [name, member])), { requiredKeys: [] });
    fc.assert(fc.property(record, (data) => good(JSON.stringify({ format: OWN_FORMAT, ...data }))));
    const extender = fc.record({
      user: fc.record({ profiles: fc.dictionary(fc.string(), member) }),
      appProfiles: member,
    });
    fc.assert(fc.property(extender, (data) => good(JSON.stringify(data))));
  });

  const many = MAX_IMPORT_CHARS - 200;
  it.each([
    ["blanks before an end", `a${" ".repeat(many)}b`],
    ["blanks in a heading", `role_arn =\n[${" ".repeat(many)}x`],
    ["blanks in a key", `role_arn =\n[a]\na${" ".repeat(many)}b`],
    ["empty lines", `${"\n".repeat(many)}b`],
    ["separators of lines", `role_arn =\n[profile ${" ".repeat(many)}a\u2028b]`],
    ["comments", `role_arn =\n[a]\nb = ${" ;".repeat(many / 2)}\u2028b`],
    [
      "dashes in a name",
      `[${"x-".repeat(40)}${"-".repeat(many - 200)}x]\nrole_arn = arn:aws:iam::111122223333:role/x`,
    ],
    ["depth", `{"format":"${OWN_FORMAT}","a":${'{"a":'.repeat(many / 8)}1${"}".repeat(many / 8)}}`],
    [
      "names that objects have already",
      `{"format":"${OWN_FORMAT}","__proto__":{"labels":1},"prefs":{"__proto__":{"theme":"dark"},"constructor":1}}`,
    ],
  ])("made of nothing but %s is looked over at once", (_what, text) => {
    const begun = performance.now();
    good(text);
    expect(performance.now() - begun).toBeLessThan(10_000); // those that are slow take an hour
    expect({}).not.toHaveProperty("labels");
  });

  it("is not read when it is longer than any such file", () => {
    expect(readImport("[a]\n".repeat(MAX_IMPORT_CHARS))).toEqual({ ok: false, error: "too-large" });
    expect(readImport("")).toEqual({ ok: false, error: "unknown" });
    expect(readImport('{"format":"jcfetch-settings-1"}')).toEqual({ ok: false, error: "nothing" });
  });
});
