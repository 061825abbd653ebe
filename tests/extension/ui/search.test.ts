import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indexEntries, matched, type SearchEntry, search } from "../../../extension/src/roles/search.ts";

const entry = (
  accountName: string | null,
  role: string,
  account = "111122223333",
  email: string | null = null,
) => ({ account, accountName, email, role }) satisfies SearchEntry;

const found = (entries: readonly SearchEntry[], query: string): string[] =>
  search(indexEntries(entries), query).map(
    ({ accountName, account, role }) => `${accountName ?? account}/${role}`,
  );

const FEW = [
  entry("Payments Prod", "AdministratorAccess"),
  entry("Payments Prod", "ReadOnly"),
  entry("Repayments", "ReadOnly", "222233334444"),
  entry("Müller Logistik", "PowerUser", "333344445555", "aws+mueller@acme.example"),
  entry(null, "S3Admin", "999999999999"),
];

describe("what is typed finds", () => {
  test.each([
    [
      "a part of the name, at the start of a word first",
      "pay read",
      ["Payments Prod/ReadOnly", "Repayments/ReadOnly"],
    ],
    ["the start of a word inside a role's name", "only", ["Payments Prod/ReadOnly", "Repayments/ReadOnly"]],
    ["letters that start words", "pp aa", ["Payments Prod/AdministratorAccess"]],
    [
      "account and role as one writes them in a path",
      "payments/admin",
      ["Payments Prod/AdministratorAccess"],
    ],
    ["a part of the account's number", "9999", ["999999999999/S3Admin"]],
    ["the e-mail", "mueller@", ["Müller Logistik/PowerUser"]],
    ["a name without its accents", "MULLER", ["Müller Logistik/PowerUser"]],
    ["a name with its accents written apart", "mu\u0308ller", ["Müller Logistik/PowerUser"]],
    ["nothing, when one of the words is nowhere", "payments zebra", []],
    ["nothing, when the letters are scattered at random", "ymsrd", []],
  ])("%s", (_what, query, expected) => {
    expect(found(FEW, query)).toEqual(expected);
  });
});

test("a whole role name comes before one that only begins with it", () => {
  expect(found([entry("A", "ReadOnlyPlus"), entry("B", "ReadOnly")], "readonly")).toEqual([
    "B/ReadOnly",
    "A/ReadOnlyPlus",
  ]);
});

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 24 });
const anyEntry = fc.record({
  account: fc.stringMatching(/^\d{12}$/),
  accountName: fc.option(text),
  email: fc.option(text),
  role: fc.stringMatching(/^[\w+=,.@-]{1,24}$/),
});
const anyEntries = fc.uniqueArray(anyEntry, { maxLength: 12, selector: ({ account }) => account });

test("an empty query gives everything in its order", () => {
  fc.assert(
    fc.property(anyEntries, fc.stringMatching(/^ {0,3}$/), (entries, query) => {
      expect(search(indexEntries(entries), query)).toEqual(entries);
    }),
  );
});

test("every entry is found by its number, its role, and each part of either", () => {
  fc.assert(
    fc.property(anyEntries, fc.nat(), fc.nat(), fc.nat(), (entries, which, from, length) => {
      if (entries.length === 0) return;
      const wanted = entries[which % entries.length]!;
      for (const whole of [wanted.account, wanted.role]) {
        const start = from % whole.length;
        const part = whole.slice(start, start + 1 + (length % (whole.length - start)));
        expect(search(indexEntries(entries), part)).toContain(wanted);
      }
    }),
  );
});

test("a search gives entries of the list, each at most once, and one more word never gives more", () => {
  fc.assert(
    fc.property(anyEntries, text, text, (entries, one, two) => {
      const index = indexEntries(entries);
      const wide = search(index, one);
      const narrow = search(index, `${one} ${two}`);
      expect(new Set(wide).size).toBe(wide.length);
      expect(entries).toEqual(expect.arrayContaining(wide));
      expect(wide).toEqual(expect.arrayContaining(narrow));
    }),
  );
});

describe("[SW3] what is typed", () => {
  const labeled = { ...entry("Team 7", "ReadOnly"), label: "Launch site", tags: ["rocket"] };

  test.each(["launch", "lsi", "rocket read", "team launch"])("%s finds label and tag", (query) => {
    expect(search(indexEntries([entry("Other", "ReadOnly", "2"), labeled]), query)).toEqual([labeled]);
  });

  test("finds what one uses first, among hits of a kind and not over a better one", () => {
    const index = indexEntries([
      entry("Alpha", "Dev", "1"),
      entry("Alpha", "Dev", "2"),
      entry("Al", "Dev", "3"),
    ]);
    const habit = ({ account }: SearchEntry): number => (account === "2" ? 60 : 0);
    expect(search(index, "alph", habit).map(({ account }) => account)).toEqual(["2", "1"]);
    expect(search(index, "al", habit)[0]?.account).toBe("3");
  });

  test.each([
    ["Payments Prod", "pay", "[Pay]ments Prod"],
    ["Payments Prod", "pp", "[P]ayments [P]rod"],
    ["Müller Logistik", "muller lo", "[Müller] [Lo]gistik"],
    ["Payments", "zebra", "Payments"],
    ["", "x", ""],
  ])("is marked in %s for %s", (text, query, shown) => {
    const drawn = matched(text, query).map(([piece, hit]) => (hit ? `[${piece}]` : piece));
    expect(drawn.join("")).toBe(shown);
  });

  test("leaves every letter of the text in its place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, query) => {
        expect(
          matched(text, query)
            .map(([piece]) => piece)
            .join(""),
        ).toBe(text);
      }),
    );
  });
});
