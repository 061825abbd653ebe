import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { POLICY_MEMBERS, readPolicy } from "../../../extension/src/messaging/policy.ts";
import { COPY_FORMATS } from "../../../extension/src/messaging/view.ts";

const ROOT = join(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** As much of JSON schema as Chrome knows in `managed_schema`. */
interface Schema {
  readonly type: "object" | "array" | "string" | "integer" | "boolean";
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly description?: string;
}

const schema = JSON.parse(read("extension/public/managed-schema.json")) as Schema;

/** Where a value is not what the schema says. */
function faultsOf(value: unknown, at: Schema, path = "policy"): string[] {
  switch (at.type) {
    case "object":
      if (typeof value !== "object" || value === null) return [path];
      return Object.entries(value).flatMap(([name, inner]) => {
        const member = at.properties?.[name];
        return member ? faultsOf(inner, member, `${path}.${name}`) : [`${path}.${name}`];
      });
    case "array":
      return Array.isArray(value)
        ? value.flatMap((inner, index) => faultsOf(inner, at.items!, `${path}.${index}`))
        : [path];
    case "string":
      return typeof value === "string" ? [] : [path];
    case "boolean":
      return typeof value === "boolean" ? [] : [path];
    case "integer":
      return Number.isInteger(value) ? [] : [path];
  }
}

type Parts<Name extends string> = Partial<Record<Name, Record<string, Record<string, unknown>>>>;
type Example = { readonly "3rdparty": Parts<"extensions" | "Extensions"> };

/** The extension's part of each example in docs/policies.md. */
const EXAMPLES = [...read("docs/policies.md").matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, browser, text]): [string, Record<string, unknown>] => {
    const whole = JSON.parse(text!) as Example | { readonly policies: Example };
    const third = ("policies" in whole ? whole.policies : whole)["3rdparty"];
    const id = browser === "firefox" ? "jcfetch@jcfetch.dev" : "nmambjjbdjmmphgjjenoggafiljnfklg";
    return [browser!, (third.extensions ?? third.Extensions)![id]!];
  },
);

const ALL_PROD = [{ on: "id", match: "*", environment: "prod", tags: [] }];

describe("[MP1] the policy's schema", () => {
  it("names the members that are read, and no others", () => {
    expect(Object.keys(schema.properties!).sort()).toEqual([...POLICY_MEMBERS].sort());
    for (const format of COPY_FORMATS) expect(schema.properties!.formats!.description).toContain(format);
  });

  it("says types and no more: what does not meet it the browser hides from us, and nothing would hold", () => {
    const words = read("extension/public/managed-schema.json");
    expect(words).not.toMatch(/"(?:enum|minimum|maximum|pattern|required|additionalProperties)"/);
  });

  it("has an example for each browser in the documentation", () => {
    expect(EXAMPLES.map(([browser]) => browser)).toEqual(["chrome", "edge", "firefox"]);
  });

  it.each(EXAMPLES)("takes the example for %s, and so does the reader", (_browser, policy) => {
    expect(faultsOf(policy, schema)).toEqual([]);
    const organization = readPolicy(policy);
    expect(organization.faults).toEqual([]);
    for (const name of Object.keys(policy)) expect(organization).toHaveProperty(name, expect.anything());
  });

  it("is one that an example can fail", () => {
    expect(faultsOf({ formats: "sh", clipboardSeconds: "5", portal: [] }, schema)).toHaveLength(3);
  });
});

describe("[MP1] a policy", () => {
  it("lays nothing down where it says nothing", () => {
    const organization = readPolicy({ portals: null });
    for (const name of POLICY_MEMBERS) expect(organization[name]).toBeNull();
    expect(organization.faults).toEqual([]);
  });

  it("reads start URLs in every spelling, and rules with what they do not say left out", () => {
    const organization = readPolicy({
      portals: ["https://acme.awsapps.com/start/#/"],
      accountRules: [{ on: "name", match: "*-live" }],
    });
    expect(organization.portals).toEqual(["https://acme.awsapps.com/start"]);
    expect(organization.accountRules).toEqual([{ on: "name", match: "*-live", environment: null, tags: [] }]);
  });

  it.each([
    ["portals", ["https://acme.awsapps.com/start", "https://evil.example/"], []],
    ["broker", "https://broker.example.com", { url: "" }],
    ["formats", ["sh", "tattoo"], []],
    ["accountRules", [{ on: "color", match: "x" }], ALL_PROD],
    ["accountRules", [{ on: "name", match: "/(/", environment: "prod" }], ALL_PROD],
    ["clipboardSeconds", 3_600, 30],
    ["lockAfterMinutes", "never", 5],
    ["popupCopy", "yes", false],
    ["containers", 1, false],
  ])("is at its strictest in %s where that cannot be read", (name, value, strictest) => {
    const organization = readPolicy({ [name]: value });
    expect(organization).toMatchObject({ [name]: strictest, faults: [name] });
  });

  it("tells of members that there are none of", () => {
    expect(readPolicy({ portal: ["https://acme.awsapps.com/start"] }).faults).toEqual(["portal"]);
  });
});
