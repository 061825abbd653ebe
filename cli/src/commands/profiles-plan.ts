import type { Change, SyncPlan } from "../config/sync-plan.ts";
import type { Host } from "../host.ts";
import type { RoleList } from "../sources/role-list.ts";
import { columns } from "../table.ts";
import { count } from "../when.ts";

interface Row {
  readonly name: string;
  readonly account: string;
  readonly role: string;
}

const rowOf = ({ name, account, role }: Row): Row => ({ name, account, role });

/** For programs. */
export const planData = (
  { add, change, same, gone, collisions }: SyncPlan,
  { patterns }: Pick<RoleList, "patterns">,
  written: boolean,
) => ({
  written,
  add: add.map(rowOf),
  change: change.map(({ before, after }) => ({ ...rowOf(after), was: before.name })),
  same: same.length,
  gone: gone.map(rowOf),
  collisions,
  patterns,
});

/** For people: what is new with a plus, what becomes different with its lines, then what is left alone and why. */
export function planText({ add, change }: SyncPlan): string {
  const news = columns(
    add.map(({ name, account, role, region }) => ["+", name, account, role, region ?? ""]),
  );
  return news + change.map(changeText).join("");
}

function changeText({ before, after, lines }: Change): string {
  const renamed = before.name === after.name ? "" : ` → ${after.name}`;
  const old = before.section.lines;
  const less = old.filter((line) => !lines.includes(line)).map((line) => `    - ${line}\n`);
  const more = lines.filter((line) => !old.includes(line)).map((line) => `    + ${line}\n`);
  return [`~ ${before.name}${renamed}\n`, ...less, ...more].join("");
}

/** [PR2] Every name that could not be given, with the roles that go without. */
export function tellRest(plan: SyncPlan, { patterns }: Pick<RoleList, "patterns">, { io }: Host): void {
  const { add, change, same, gone, collisions } = plan;
  for (const { name, why, roles } of collisions) {
    const [first = "", ...more] = roles;
    const others = more.length === 0 ? "" : ` and ${more.slice(0, 4).join(", ")}`;
    io.note(`! no profile ${name} for ${first}${others}${more.length > 4 ? ", …" : ""}: ${why}`);
  }
  if (collisions.length > 0) {
    io.note("  → choose other names: --template '{account}_{role}', or one by one with jcfetch configure");
  }
  for (const pattern of patterns) {
    io.note(`! no profile for the pattern ${pattern}: name a role with jcfetch configure`);
  }
  if (gone.length > 0) {
    io.note(`${count(gone.length, "profile")} whose role is gone; to remove: jcfetch profiles prune`);
  }
  if (add.length + change.length === 0) {
    io.note(`nothing to write: ${count(same.length, "profile")} as they should be`);
  }
}
