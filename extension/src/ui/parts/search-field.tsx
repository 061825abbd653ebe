import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { type Command, commandOf } from "../keys.ts";
import { type ChoosableRow, isChoosable, type ListRow, moved } from "../rows.ts";
import type { UiState } from "../state.ts";
import { Icon } from "./icon.tsx";

export const LIST_ID = "roles";
export const optionId = (key: string): string => `row-${key}`;

interface FieldProps {
  readonly state: UiState;
  readonly actions: Actions;
  readonly mac: boolean;
  readonly rows: readonly ListRow[];
  /** Of the row the keyboard stands on. */
  readonly at: number;
}

/** Keys that mean a role, on the role they meet. */
function runOnRole(command: Command, row: ChoosableRow | undefined, actions: Actions): void {
  if (row?.kind !== "role") return;
  if (command.do === "copy") void actions.copy(row);
  else if (command.do === "format") actions.dispatch({ type: "format-menu", open: true });
  else if (command.do === "favorite") void actions.favorite(row);
  else if (command.do === "move-favorite") void actions.moveFavorite(row, command.step);
  else if (command.do === "service") actions.dispatch({ type: "service", row });
  else if (command.do === "link") void actions.copyLink(row);
}

/** Carry out a key on the row it meets. */
function run(
  command: Command,
  row: ChoosableRow | undefined,
  { rows, at, state, actions }: FieldProps,
): void {
  switch (command.do) {
    case "move":
      actions.dispatch({ type: "cursor", key: moved(rows, at, command.step) });
      break;
    case "choose":
      if (row) actions.choose(row);
      break;
    case "expand":
    case "collapse":
      if (row?.kind === "account") void actions.expand(row.account, command.do === "expand");
      break;
    case "label":
      if (row) actions.dispatch({ type: "label", account: row.account });
      break;
    case "portal": {
      const portal = state.view?.portals[command.at];
      if (portal) void actions.selectPortal(portal.origin);
      break;
    }
    case "help":
      void actions.show("help");
      break;
    case "escape":
      if (state.asking) actions.dispatch({ type: "confirm", key: null });
      else if (state.query !== "") actions.dispatch({ type: "query", query: "" });
      else actions.close();
      break;
    default:
      runOnRole(command, row, actions);
  }
}

/** Held down, a key moves; it does not act twice. */
const repeats = ({ do: verb }: Command): boolean => verb === "move" || verb === "move-favorite";

/** Where one types: it keeps the keyboard, and stands for the list to screen readers. */
export function SearchField(props: FieldProps) {
  const { rows, at, state, actions, mac } = props;
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    // A question that waits has a field of its own, which comes first.
    if (!document.activeElement?.closest(".approval")) input.current?.focus();
  }, []);
  const row = rows[at];
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }): void => {
    const { selectionStart, selectionEnd, value } = event.currentTarget;
    const { key, code, shiftKey: shift, altKey: alt } = event;
    const command = commandOf(
      { key, code, shift, alt, ctrl: mac ? event.metaKey : event.ctrlKey },
      {
        empty: value === "",
        hasSelection: selectionStart !== selectionEnd,
        caretAtStart: selectionEnd === 0,
        caretAtEnd: selectionStart === value.length,
      },
    );
    if (!command) return;
    event.preventDefault();
    if (!event.repeat || repeats(command)) run(command, row && isChoosable(row) ? row : undefined, props);
  };
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={t("list.search")}
        aria-expanded={rows.length > 0}
        aria-controls={rows.length > 0 ? LIST_ID : undefined}
        aria-autocomplete="list"
        aria-activedescendant={row ? optionId(row.key) : undefined}
        placeholder={t("list.searchHint")}
        autocomplete="off"
        spellcheck={false}
        value={state.query}
        onInput={(event) => actions.dispatch({ type: "query", query: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <button
        type="button"
        class="hint"
        title={t("help.title")}
        aria-label={t("help.title")}
        onClick={() => void actions.show("help")}
      >
        <kbd>?</kbd>
      </button>
    </div>
  );
}
