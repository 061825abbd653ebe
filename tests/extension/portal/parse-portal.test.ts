import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePortal, placeIn, readRoleHref, roleOfRow } from "../../../extension/src/portal/parse-portal.ts";
import { reportOf } from "../../../extension/src/portal/report.ts";
import { selectorCensus } from "../../../extension/src/portal/selectors.ts";
import { loadFixture } from "./fixtures.ts";

const ROLES = [
  { account: "111122223333", role: "AdministratorAccess" },
  { account: "111122223333", role: "ReadOnly+audit@acme" },
  { account: "444455556666", role: "PowerUser" },
];

const targets = (document: Document) =>
  parsePortal(document).rows.map(({ account, role }) => ({ account, role }));

describe.each(["gen2", "gen3"] as const)("a portal page of %s", (generation) => {
  test("[EX7] gives every role with the account and the role of its link", () => {
    const document = loadFixture(generation);
    expect(parsePortal(document)).toMatchObject({ generation, mismatched: 0 });
    expect(targets(document)).toEqual(ROLES);
  });

  test("[EX7] gives no role whose link names another account than the row it stands under", () => {
    const document = loadFixture(generation);
    const link = document.querySelector('a[href*="role_name=PowerUser"]')!;
    link.setAttribute("href", "#/console?account_id=999988887777&role_name=PowerUser");
    expect(targets(document)).toEqual(ROLES.slice(0, 2));
    expect(parsePortal(document).mismatched).toBe(1);
  });

  test("[EX7] gives no role whose link says one name and leads to another", () => {
    const document = loadFixture(generation);
    document.querySelector('a[href*="role_name=PowerUser"]')!.textContent = "ReadOnly";
    expect(targets(document)).toEqual(ROLES.slice(0, 2));
  });

  test("gives the role a row has at the moment it is asked", () => {
    const document = loadFixture(generation);
    const { row } = parsePortal(document).rows[2]!;
    const link = row.querySelector('a[href*="role_name="]')!;
    link.setAttribute("href", "#/console?account_id=444455556666&role_name=Auditor");
    link.textContent = "Auditor";
    expect(roleOfRow(row)).toEqual({ account: "444455556666", role: "Auditor" });
  });

  test("gives no role for a row in which two links contradict each other", () => {
    const document = loadFixture(generation);
    const { row } = parsePortal(document).rows[0]!;
    const second = row.querySelector('a[href*="role_name="]')!.cloneNode(true) as Element;
    second.setAttribute("href", "#/console?account_id=111122223333&role_name=Other");
    row.append(second);
    expect(roleOfRow(row)).toBeUndefined();
  });
});

test("the button of a list row goes beside AWS's own control, that of a table row into the empty cell after it", () => {
  const list = parsePortal(loadFixture("gen2")).rows[0]!.row;
  expect(placeIn(list)).toEqual({
    element: list.querySelector('[data-testid="role-creation-action-button"]'),
    how: "after",
  });
  const table = parsePortal(loadFixture("gen3")).rows[0]!.row;
  expect(placeIn(table)).toEqual({ element: table.querySelector("td:last-child"), how: "append" });
});

test("a row without AWS's own control takes the button after the role's link", () => {
  const { row } = parsePortal(loadFixture("gen2")).rows[0]!;
  row.querySelector('[data-testid="role-creation-action-button"]')!.remove();
  expect(placeIn(row)?.element.getAttribute("data-testid")).toBe("federation-link");
});

test("an account whose name is another account's number is told by its own number", () => {
  const document = loadFixture("gen2");
  document.querySelectorAll('[data-testid="account-list-cell"] strong')[1]!.textContent = "111122223333";
  expect(targets(document)).toEqual(ROLES);
});

test("[EX8] a page of the first generation is recognized and gives no roles", () => {
  expect(parsePortal(loadFixture("gen1"))).toEqual({
    generation: "gen1",
    rows: [],
    accounts: [],
    mismatched: 0,
  });
});

test("[EX8] links in a structure nobody knows give no roles, and the page is reported as unknown", () => {
  const document = loadFixture("unknown");
  const model = parsePortal(document);
  expect(model).toEqual({ generation: "unknown", rows: [], accounts: [], mismatched: 0 });
  expect(reportOf(document, model, false)).toMatchObject({
    generation: "unknown",
    rows: 0,
    census: { treeGrid: 0 },
  });
});

describe("a page without any list", () => {
  const without = (selected: string) => {
    const document = loadFixture("gen3");
    document.querySelector("table")!.remove();
    document.querySelector('[data-testid="accounts"]')!.setAttribute("aria-selected", selected);
    return document;
  };

  test("says nothing while it may still be loading", () => {
    const document = without("true");
    expect(reportOf(document, parsePortal(document), false)).toBeUndefined();
  });

  test("is unknown once it is at rest on the accounts tab", () => {
    const document = without("true");
    expect(reportOf(document, parsePortal(document), true)).toMatchObject({
      generation: "unknown",
      rows: 0,
      census: { treeGrid: 0 },
    });
  });

  test("says nothing on the applications tab", () => {
    const document = without("false");
    expect(reportOf(document, parsePortal(document), true)).toBeUndefined();
  });
});

test("the census of a page counts nodes and carries no text of it", () => {
  const census = selectorCensus(loadFixture("gen3"));
  expect(census).toMatchObject({ treeGrid: 1, accountRow: 2, roleRow: 3, roleLink: 3, accountList: 0 });
  expect(JSON.stringify(census)).not.toMatch(/Development|1111/);
});

describe("the address of a role link", () => {
  const account = fc.stringMatching(/^\d{12}$/);
  const role = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);

  test("gives back every account and role that can be written into it, in any order and among other fields", () => {
    fc.assert(
      fc.property(account, role, fc.boolean(), (accountId, roleName, swapped) => {
        const pairs = [
          `account_id=${accountId}`,
          `role_name=${encodeURIComponent(roleName)}`,
          "referrer=accessPortal",
        ];
        const query = (swapped ? pairs.reverse() : pairs).join("&");
        expect(readRoleHref(`#/console?${query}`)).toEqual({ account: accountId, role: roleName });
      }),
    );
  });

  test("gives nothing that is not an account id and a role name, whatever is written there", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (accountId, roleName) => {
        const found = readRoleHref(
          `#/console?account_id=${encodeURIComponent(accountId)}&role_name=${encodeURIComponent(roleName)}`,
        );
        if (found === undefined) return;
        expect(found.account).toMatch(/^\d{12}$/);
        expect(found.role).toMatch(/^[\w+=,.@-]{1,64}$/);
      }),
    );
  });

  test.each([
    ["no console link", "#/signout?account_id=111122223333&role_name=A"],
    ["two accounts", "#/console?account_id=111122223333&account_id=444455556666&role_name=A"],
    ["two roles", "#/console?account_id=111122223333&role_name=A&role_name=B"],
    ["no role", "#/console?account_id=111122223333"],
    ["a short account id", "#/console?account_id=11112222333&role_name=A"],
    ["a role with a slash", "#/console?account_id=111122223333&role_name=A%2FB"],
    ["digits of another script", "#/console?account_id=١١١١٢٢٢٢٣٣٣٣&role_name=A"],
  ])("gives nothing for %s", (_what, href) => {
    expect(readRoleHref(href)).toBeUndefined();
  });
});
