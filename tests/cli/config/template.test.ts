import { describe, expect, it } from "vitest";
import { nameBy, templateProblem } from "../../../cli/src/config/template.ts";

const NAMED = {
  account: "111122223333",
  role: "PowerUser",
  accountName: " Billing  (EU) dev ",
  portal: "acme",
};

describe("a template of names", () => {
  it.each([
    ["{account}_{role}", "111122223333_PowerUser"],
    ["{account_id}/{role:lower}", "111122223333/poweruser"],
    ["{portal}.{account_name}", "acme.Billing-EU-dev"],
    ["plain", "plain"],
  ])("[PR1] %s gives %s", (template, name) => {
    expect(templateProblem(template, false)).toBeUndefined();
    expect(nameBy(template, NAMED)).toEqual({ ok: true, value: name });
  });

  it.each([
    ["{rol}", 'a template knows no "{rol}"; did you mean role?'],
    ["{constructor}", 'a template knows no "{constructor}"'],
    ["{role:upper}", 'after the colon in "{role:upper}" stands lower, or nothing'],
    ["{role", "a brace in the template has no partner"],
    ["{role} {account}", "a template has, beside {…}, letters"],
    ["{role}]", "a template has, beside {…}, letters"],
    ["{account_name}", "the names of accounts are not known here"],
  ])("[CL5] %s is refused: %s", (template, why) => {
    expect(templateProblem(template, true)).toContain(why);
  });
});
