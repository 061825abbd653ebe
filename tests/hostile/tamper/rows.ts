import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/*
 * Every way to change one thing in a SQLite file. Tables and columns are read from the file itself, so that what is added
 * to an object's storage later is covered without a word here.
 */

export interface Mutation {
  readonly what: string;
  readonly table: string;
  apply(file: string): void;
}

type Cell = SQLInputValue;
interface Shape {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly Record<string, Cell>[];
}

/** The runtime's own tables count too, but for the version of its format. */
const TABLES =
  "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name <> '_cf_METADATA'";

function within<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

function shapesOf(file: string): Shape[] {
  return within(file, (database) =>
    database
      .prepare(TABLES)
      .all()
      .map(({ name }) => {
        const table = String(name);
        const columns = database
          .prepare(`SELECT name FROM pragma_table_info(?)`)
          .all(table)
          .map((column) => String(column.name));
        const read = database.prepare(`SELECT * FROM "${table}"`);
        read.setReadBigInts(true);
        return { table, columns, rows: read.all() as Record<string, Cell>[] };
      }),
  );
}

/** Every mutation of one row, one cell or one table of a file. */
export function mutationsOf(file: string): Mutation[] {
  return shapesOf(file).flatMap((shape) => [
    ...wholeTable(shape),
    ...shape.rows.flatMap((row, i) => [
      ...wholeRow(shape, row, i),
      ...shape.columns.flatMap((column) => cells(shape, row, i, column)),
    ]),
  ]);
}

const quoted = (name: string): string => `"${name}"`;

function wholeTable({ table }: Shape): Mutation[] {
  return [
    one(table, `${table}: every row deleted`, `DELETE FROM ${quoted(table)}`, []),
    one(table, `${table}: dropped`, `DROP TABLE ${quoted(table)}`, []),
  ];
}

function wholeRow({ table, columns, rows }: Shape, row: Record<string, Cell>, i: number): Mutation[] {
  const at = `${table}[${i}]`;
  const put = `INSERT OR REPLACE INTO ${quoted(table)} (${columns.map(quoted).join(", ")})
    VALUES (${columns.map(() => "?").join(", ")})`;
  const others = rows.filter((other) => other !== row);
  const key = columns[0]!;
  return [
    one(table, `${at} deleted`, `DELETE FROM ${quoted(table)} WHERE ${same(columns)}`, values(columns, row)),
    one(
      table,
      `${at} inserted again under a new key`,
      put,
      values(columns, { ...row, [key]: changed(row[key]!)[0]! }),
    ),
    // Everything that one row says, said of another.
    ...others.map((other, j) =>
      one(table, `${at} made like ${j}`, put, values(columns, { ...other, [key]: row[key]! })),
    ),
  ];
}

function cells(
  { table, columns, rows }: Shape,
  row: Record<string, Cell>,
  i: number,
  column: string,
): Mutation[] {
  const sql = `UPDATE ${quoted(table)} SET ${quoted(column)} = ? WHERE ${same(columns)}`;
  const borrowed = rows.map((other) => other[column]!);
  const wanted = new Set<Cell>([null, ...changed(row[column]!), ...borrowed]);
  wanted.delete(row[column]!);
  return [...wanted].map((value) => {
    const shown = String(value instanceof Uint8Array ? `${value.length} bytes` : value).slice(0, 24);
    return one(table, `${table}[${i}].${column} = ${shown}`, sql, [value, ...values(columns, row)]);
  });
}

/** Near, far, nothing, and the other way round. */
function changed(value: Cell): Cell[] {
  if (value === null) return [0, 1, 2_000_000_000, "", "x"];
  if (typeof value === "string") return ["", value.slice(0, -1), flipped(value)];
  if (typeof value === "number" || typeof value === "bigint") {
    const n = BigInt(value);
    return [n + 1n, n - 1n, 0n, 1n, -1n, 2n ** 40n].filter((other) => other !== n);
  }
  const bytes = Uint8Array.from(value as Uint8Array);
  if (bytes.length > 0) bytes[bytes.length >> 1]! ^= 1;
  return [bytes, new Uint8Array()];
}

/** One character in the middle is another. */
function flipped(text: string): string {
  const at = text.length >> 1;
  return text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
}

const same = (columns: readonly string[]): string =>
  columns.map((name) => `${quoted(name)} IS ?`).join(" AND ");
const values = (columns: readonly string[], row: Record<string, Cell>): Cell[] =>
  columns.map((name) => row[name]!);

const one = (table: string, what: string, sql: string, bound: readonly Cell[]): Mutation => ({
  what,
  table,
  apply: (file) => {
    within(file, (database) => {
      database.exec("PRAGMA ignore_check_constraints = ON");
      database.prepare(sql).run(...bound);
    });
  },
});

/** Whether SQLite lets somebody make the change at all: a column may not take NULL, a key may be taken. */
export function isPossible(error: unknown): boolean {
  return !/constraint|datatype mismatch|may not be (?:modified|dropped)/i.test((error as Error).message);
}
