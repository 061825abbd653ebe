import { useLayoutEffect, useRef } from "preact/hooks";
import type { CopyFormat } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import { FORMATS } from "../format-names.ts";
import { formatTitle } from "../format-title.ts";
import { Icon } from "./icon.tsx";

interface FormatMenuProps {
  readonly chosen: CopyFormat;
  readonly onChoose: (format: CopyFormat) => void;
  readonly onClose: () => void;
}

const STEPS: Readonly<Record<string, (at: number) => number>> = {
  ArrowDown: (at) => (at + 1) % FORMATS.length,
  ArrowUp: (at) => (at - 1 + FORMATS.length) % FORMATS.length,
  Home: () => 0,
  End: () => FORMATS.length - 1,
};

/** Choosing copies at once, and the choice stays. */
export function FormatMenu({ chosen, onChoose, onClose }: FormatMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLButtonElement[] => [...(menu.current?.querySelectorAll("button") ?? [])];
  // Before the next key can come: one that still met the search field would open the console.
  useLayoutEffect(() => items()[FORMATS.indexOf(chosen)]?.focus(), [chosen]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step) items()[step(items().indexOf(document.activeElement as HTMLButtonElement))]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusOut = (event: FocusEvent): void => {
    if (!menu.current?.contains(event.relatedTarget as Node | null)) onClose();
  };
  return (
    <div
      class="menu"
      role="menu"
      tabIndex={-1}
      aria-label={t("list.copyAsMenu")}
      ref={menu}
      onKeyDown={onKeyDown}
      onFocusOut={onFocusOut}
    >
      {FORMATS.map((format) => (
        <button
          key={format}
          type="button"
          role="menuitemradio"
          tabIndex={-1}
          aria-checked={format === chosen}
          onClick={() => onChoose(format)}
        >
          <Icon name="check" />
          {formatTitle(format)}
        </button>
      ))}
    </div>
  );
}
