import { describe, expect, it } from "vitest";
import { codeUnder, read } from "./tree.ts";

/** docs/storage.md names everything that is kept. What the code keeps is read out of the code. */
const document = read("docs/storage.md");
const codeOf = (...folders: string[]): string =>
  codeUnder(...folders)
    .map(read)
    .join("\n");
const worker = codeOf("worker/src");
const extension = codeOf("extension/src");
const terminal = codeOf("cli/src");

/** Rows of the page's tables by each name that their first cell has in code marks; several tables may have one name. */
const rows = new Map<string, string[]>();
for (const [line, cell] of document.matchAll(/^\| ([^|]+) \|.*$/gm))
  for (const [, name] of (cell as string).matchAll(/`([^`]+)`/g))
    rows.set(name as string, [...(rows.get(name as string) ?? []), line]);

const allOf = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] as string)),
];

/** Table → columns, from every CREATE and ALTER. */
function tables(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (table: string, columns: string[]): void => {
    found.set(table, [...(found.get(table) ?? []), ...columns]);
  };
  for (const [, table, body] of worker.matchAll(
    /CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(([\s\S]*?)\)(?: WITHOUT ROWID)?[;"`]/g,
  )) {
    const columns = (body as string)
      .split(/,\s*(?![^()]*\))/)
      .map((column) => column.trim().split(/\s/)[0] as string);
    add(table as string, columns);
  }
  for (const [, table, column] of worker.matchAll(/ALTER TABLE (\w+) ADD COLUMN (\w+)/g))
    add(table as string, [column as string]);
  for (const [, table] of worker.matchAll(/RENAME TO (\w+)/g)) add(table as string, []);
  return found;
}

describe("docs/storage.md", () => {
  it("names every table of the broker with its columns", () => {
    const found = tables();
    expect([...found.keys()]).toEqual(expect.arrayContaining(["user", "devices", "envelopes", "audit"]));
    const missing = [...found].flatMap(([table, columns]) => {
      const named = rows.get(table);
      if (named === undefined) return [table];
      const isNamed = (column: string): boolean => named.some((row) => row.includes(`\`${column}\``));
      return columns.filter((column) => !isNamed(column)).map((column) => `${table}.${column}`);
    });
    expect(missing).toEqual([]);
  });

  it("names every item that the broker's other objects keep", () => {
    const items = allOf(worker, /\bkv\.put\(\s*"([^"]+)"/g);
    expect(items).toEqual(expect.arrayContaining(["mailbox", "spent-by"]));
    const cells = [...document.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
    expect(items.filter((item) => !cells.includes(item))).toEqual([]);
  });

  it("names every item that the extension keeps, under the area that it is kept in", () => {
    const items = [
      ...extension.matchAll(/\bslot\(\s*(?:[\w#.]*\.)?(local|session),\s*(["`])([^"`]+)\2/g),
    ].map(([, area, , name]) => ({
      area: area as string,
      name: (name as string).replace(/\$\{[^}]+\}/, "<origin>"),
    }));
    expect(items.length).toBeGreaterThan(10);
    const sectionOf = (area: string): string =>
      document.split(`### \`storage.${area}\``)[1]?.split("\n##")[0] ?? "";
    const missing = items.filter(({ area, name }) => !sectionOf(area).includes(`\`${name}\``));
    expect(missing).toEqual([]);
    // every call of slot() was understood
    const calls = [...extension.matchAll(/(?<!function |#|\.)\bslot\(/g)].length;
    expect(items).toHaveLength(calls);
  });

  it("names every store of the extension's database", () => {
    const constants = new Map(
      [...extension.matchAll(/const (\w+) = "([^"]+)"/g)].map(([, key, value]) => [key, value]),
    );
    const stores = allOf(extension, /createObjectStore\((\w+)\)/g).map((key) => constants.get(key) ?? key);
    expect(stores.length).toBeGreaterThan(1);
    expect(stores.filter((store) => !rows.has(store))).toEqual([]);
  });

  it("names every secret of the broker", () => {
    const secrets = allOf(worker, /"((?:BROKER|ENROLMENT)_\w*KEY)"/g);
    expect(secrets.length).toBeGreaterThan(2);
    expect(secrets.filter((name) => !rows.has(name))).toEqual([]);
  });

  it("names every file of the terminal and of the local broker", () => {
    const ofTerminal = allOf(terminal, /(?:join\((?:ownFolder\(\w+\)|(?:place\.)?folder), )"([\w.]+)"/g);
    expect(ofTerminal).toEqual(expect.arrayContaining(["device.json", "counter"]));
    const ofBroker = allOf(worker, /join\(stateDir, "([\w.]+)"/g);
    expect(ofBroker).toEqual(expect.arrayContaining(["keys.json", "settings.json"]));
    const cells = [...rows.keys()].map((name) => name.replace(/\/$/, ""));
    expect([...ofTerminal, ...ofBroker].filter((name) => !cells.includes(name))).toEqual([]);
  });
});
