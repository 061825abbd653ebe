import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePortal, readRoleHref, roleOfRow } from "../../../extension/src/portal/parse-portal.ts";
import { reportOf } from "../../../extension/src/portal/report.ts";
import { type FixtureName, loadFixture } from "./fixtures.ts";

/*
 * Pages as nobody has seen them. Before anything is changed each role's link is marked with what it leads to, in an attribute
 * that no selector looks at; whatever a row says afterwards is held against the mark of the link that stands in it.
 */

const TRUTH = "data-truth";

type Mutation = readonly [name: string, apply: (document: Document, pick: (count: number) => number) => void];

const all = (document: Document, css: string): Element[] => [...document.querySelectorAll(css)];
const some = (document: Document, css: string, pick: (count: number) => number): Element | undefined => {
  const found = all(document, css);
  return found[pick(found.length)];
};
const ROWS = 'tr[aria-level], [data-testid="role-list-item"]';

const MUTATIONS: readonly Mutation[] = [
  [
    "classes are renamed",
    (document) => {
      for (const [at, one] of all(document, "*").entries()) one.className = `c${at}`;
    },
  ],
  [
    "a test id is renamed everywhere",
    (document, pick) => {
      const names = [
        ...new Set(all(document, "[data-testid]").map((one) => one.getAttribute("data-testid"))),
      ];
      const name = names[pick(names.length)];
      for (const one of all(document, `[data-testid="${name}"]`)) one.setAttribute("data-testid", "renamed");
    },
  ],
  [
    "all test ids are gone",
    (document) => {
      for (const one of all(document, "*")) one.removeAttribute("data-testid");
    },
  ],
  [
    "an element is wrapped",
    (document, pick) => {
      const one = some(document, "#root a, #root span, #root td > *, #root button", pick);
      if (!one) return;
      const wrap = document.createElement("div");
      one.replaceWith(wrap);
      wrap.append(one);
    },
  ],
  [
    "cells stand in another order",
    (document) => {
      for (const row of all(document, "tr")) row.append(...[...row.children].reverse());
    },
  ],
  [
    "labels are translated",
    (document) => {
      for (const one of all(document, "h1, button, th[data-focus-id], [role=button] span")) {
        if (one.childElementCount === 0 && !/\d{12}/.test(one.textContent ?? "")) one.textContent = "日本語";
      }
    },
  ],
  [
    "a level is not said any more",
    (document, pick) => some(document, "[aria-level]", pick)?.removeAttribute("aria-level"),
  ],
  ["the table is no tree", (document) => document.querySelector("table")?.removeAttribute("role")],
  [
    "a row is given away to another place",
    (document, pick) => {
      const [one, other] = [some(document, ROWS, pick), some(document, ROWS, pick)];
      if (one && other && !one.contains(other)) other.after(one);
    },
  ],
  ["a row goes", (document, pick) => some(document, ROWS, pick)?.remove()],
  [
    "two links change their rows",
    (document, pick) => {
      const [one, other] = [some(document, `[${TRUTH}]`, pick), some(document, `[${TRUTH}]`, pick)];
      if (!one || !other || one === other) return;
      const place = document.createElement("i");
      one.replaceWith(place);
      other.replaceWith(one);
      place.replaceWith(other);
    },
  ],
  [
    "a link stands twice",
    (document, pick) => {
      const one = some(document, `[${TRUTH}]`, pick);
      one?.after(one.cloneNode(true));
    },
  ],
  [
    "all stands one level deeper",
    (document) => {
      const root = document.querySelector("#root") ?? document.body;
      const inner = document.createElement("div");
      inner.append(...root.childNodes);
      root.append(inner);
    },
  ],
];

function mark(document: Document): void {
  for (const link of all(document, 'a[href*="role_name="]')) {
    const truth = readRoleHref(link.getAttribute("href") ?? "")!;
    link.setAttribute(TRUTH, `${truth.account} ${truth.role}`);
  }
}

/** What the links in this row lead to. */
const truthsOf = (row: Element): Set<string | null> =>
  new Set([...row.querySelectorAll(`[${TRUTH}]`)].map((link) => link.getAttribute(TRUTH)));

describe.each(["gen1", "gen2", "gen3", "unknown"] as const)(
  "[PB6] a page of %s, changed at random",
  (name) => {
    test("has the right role on every button, or no button", () => {
      const steps = fc.array(fc.tuple(fc.nat(MUTATIONS.length - 1), fc.infiniteStream(fc.nat(1_000))), {
        minLength: 1,
        maxLength: 5,
      });
      fc.assert(
        fc.property(steps, (chosen) => {
          const document = loadFixture(name as FixtureName);
          mark(document);
          for (const [which, numbers] of chosen) {
            MUTATIONS[which]![1](document, (count) => numbers.next().value! % Math.max(1, count));
          }
          const model = parsePortal(document);
          for (const { row, account, role } of model.rows) {
            expect(truthsOf(row)).toEqual(new Set([`${account} ${role}`]));
            const pressed = roleOfRow(row);
            if (pressed) expect(pressed).toEqual({ account, role });
          }
          const accounts = new Map(model.accounts.map(({ account, beside }) => [beside, account]));
          expect(accounts.size).toBe(model.accounts.length);
        }),
        { numRuns: 100 },
      );
    });
  },
);

test("[PB5] a page on which no role's row is found says what is there in numbers alone", () => {
  const document = loadFixture("gen3");
  for (const row of all(document, "tr[aria-level]")) row.removeAttribute("aria-level");
  const model = parsePortal(document);
  expect(model).toMatchObject({ generation: "unknown", rows: [] });
  const report = reportOf(document, model, false)!;
  expect(report.census).toMatchObject({ treeGrid: 1, roleLink: 3, roleRow: 0, accountRow: 0 });
  expect(JSON.stringify(report)).not.toMatch(/\d{12}|PowerUser|acme/);
});
