import { type ButtonContext, type CopyButton, createCopyButton } from "./copy-button.ts";
import type { PortalModel } from "./parse-portal.ts";

export interface Buttons {
  /** Bring the buttons in line with the page: new rows get one, gone rows lose theirs. Idempotent. */
  sync(model: PortalModel, dark: boolean): void;
  /** Draw all again. */
  refresh(): void;
  removeAll(): void;
}

/** How far outside the window a row gets its button: early enough to stand there long before anybody can press it. */
const AHEAD = "600px";

interface Slot {
  key: string;
  /** Undefined while the row is far from the window. */
  button?: CopyButton | undefined;
}

/** All buttons of a page, by the row they belong to. Hundreds of rows cost what the rows in sight cost. */
export function createButtons(context: ButtonContext): Buttons {
  const slots = new Map<Element, Slot>();
  let dark = false;

  const create = (row: Element, slot: Slot): void => {
    slot.button = createCopyButton(row, context);
    slot.button?.setDark(dark);
  };
  const inSight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const slot = slots.get(target);
        if (!isIntersecting || !slot) continue;
        inSight.unobserve(target);
        create(target, slot);
      }
    },
    { rootMargin: AHEAD },
  );
  const drop = (row: Element): void => {
    inSight.unobserve(row);
    slots.get(row)?.button?.remove();
    slots.delete(row);
  };
  const keep = (row: Element, slot: Slot, key: string): void => {
    const { button } = slot;
    // The page has redrawn the inside of the row, and our button went with it.
    if (button && !row.contains(button.host)) create(row, slot);
    else if (slot.key !== key) button?.refresh();
    slot.key = key;
    slot.button?.setDark(dark);
  };

  return {
    sync({ rows }, isDark) {
      dark = isDark;
      const present = new Set(rows.map(({ row }) => row));
      for (const row of slots.keys()) if (!present.has(row)) drop(row);
      for (const { row, account, role } of rows) {
        const key = `${account} ${role}`;
        const slot = slots.get(row);
        if (slot) keep(row, slot, key);
        else {
          slots.set(row, { key });
          inSight.observe(row);
        }
      }
    },
    refresh() {
      for (const { button } of slots.values()) button?.refresh();
    },
    removeAll() {
      for (const row of [...slots.keys()]) drop(row);
    },
  };
}
