import { type ButtonContext, type CopyButton, createCopyButton } from "./copy-button.ts";
import { isDarkPage } from "./page-theme.ts";
import type { PortalModel } from "./parse-portal.ts";

export interface Buttons {
  /** Bring the buttons in line with the page: new rows get one, gone rows lose theirs. Idempotent. */
  sync(model: PortalModel): void;
  /** Draw all again. */
  refresh(): void;
  removeAll(): void;
  readonly count: number;
}

/** All buttons of a page, by the row they belong to. */
export function createButtons(context: ButtonContext): Buttons {
  const byRow = new Map<Element, { button: CopyButton; key: string }>();

  const drop = (row: Element): void => {
    byRow.get(row)?.button.remove();
    byRow.delete(row);
  };

  return {
    sync({ rows }) {
      const present = new Set(rows.map(({ row }) => row));
      for (const row of byRow.keys()) if (!present.has(row)) drop(row);
      if (rows.length === 0) return;

      const dark = isDarkPage(getComputedStyle(rows[0]!.row).color);
      for (const { row, account, role } of rows) {
        const key = `${account} ${role}`;
        const known = byRow.get(row);
        if (known && row.contains(known.button.host)) {
          if (known.key !== key) known.button.refresh();
          known.key = key;
          known.button.setDark(dark);
          continue;
        }
        drop(row); // the page has redrawn the inside of the row and dropped our button
        const button = createCopyButton(row, context);
        if (!button) continue;
        button.setDark(dark);
        byRow.set(row, { button, key });
      }
    },
    refresh() {
      for (const { button } of byRow.values()) button.refresh();
    },
    removeAll() {
      for (const row of [...byRow.keys()]) drop(row);
    },
    get count() {
      return byRow.size;
    },
  };
}
