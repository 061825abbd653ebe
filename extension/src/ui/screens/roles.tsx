import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Actions } from "../actions.ts";
import { ago } from "../duration.ts";
import { FORMAT_NAMES } from "../format-names.ts";
import { type Command, commandOf } from "../keys.ts";
import { FormatMenu } from "../parts/format-menu.tsx";
import { Icon } from "../parts/icon.tsx";
import { AccountLine, RoleLine } from "../parts/role-line.tsx";
import { SituationBanner, SituationPane } from "../parts/situation-pane.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { type ChoosableRow, cursorIndex, isChoosable, type ListRow, listRows, moved } from "../rows.ts";
import { situationOf } from "../situation.ts";
import { currentDirectory, type UiState } from "../state.ts";

interface RolesProps {
  readonly state: UiState;
  readonly actions: Actions;
  readonly mac: boolean;
}

const LIST_ID = "roles";
const optionId = (key: string): string => `row-${key}`;

function useRows(state: UiState): readonly ListRow[] {
  const { view, portal, query, expanded } = state;
  const directory = currentDirectory(state);
  return useMemo(
    () =>
      view && portal !== null && directory ? listRows({ view, portal, directory, query, expanded }) : [],
    [view, portal, directory, query, expanded],
  );
}

/** Carry out a key on the row it meets. */
function run(
  command: Command,
  row: ChoosableRow | undefined,
  rows: readonly ListRow[],
  at: number,
  props: RolesProps,
): void {
  const { state, actions } = props;
  switch (command.do) {
    case "move":
      actions.dispatch({ type: "cursor", key: moved(rows, at, command.step) });
      break;
    case "choose":
      if (row) actions.choose(row);
      break;
    case "copy":
      if (row?.kind === "role") void actions.copy(row);
      break;
    case "format":
      if (row?.kind === "role") actions.dispatch({ type: "format-menu", open: true });
      break;
    case "favorite":
      if (row?.kind === "role") void actions.favorite(row);
      break;
    case "expand":
    case "collapse":
      if (row?.kind === "account") void actions.expand(row.account, command.do === "expand");
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
      if (state.query !== "") actions.dispatch({ type: "query", query: "" });
      else actions.close();
  }
}

function SearchField({ rows, at, props }: { rows: readonly ListRow[]; at: number; props: RolesProps }) {
  const { state, actions, mac } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
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
    run(command, row && isChoosable(row) ? row : undefined, rows, at, props);
  };
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Search accounts and roles"
        aria-expanded="true"
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        aria-activedescendant={row ? optionId(row.key) : undefined}
        placeholder="Search accounts and roles…"
        autocomplete="off"
        spellcheck={false}
        value={state.query}
        onInput={(event) => actions.dispatch({ type: "query", query: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <button
        type="button"
        class="hint"
        title="Keys"
        aria-label="Keys"
        onClick={() => void actions.show("help")}
      >
        <kbd>?</kbd>
      </button>
    </div>
  );
}

/** The thin line under the search field while AWS is still being asked, and how old the list is. */
function Progress({ state }: { state: UiState }) {
  const directory = currentDirectory(state);
  const progress = directory?.progress;
  if (!progress) return <div class="progress idle" />;
  const { done, total, throttled } = progress;
  const text = `${done} of ${total} accounts read${throttled ? ", slowed down by AWS" : ""}`;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={text}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      title={text}
    >
      <span style={{ inlineSize: `${total === 0 ? 0 : (100 * done) / total}%` }} />
    </div>
  );
}

function headingNote(row: ListRow, state: UiState): string {
  const directory = currentDirectory(state);
  if (row.key !== "all" || !directory) return "";
  const { progress, ageMs } = directory;
  if (progress)
    return progress.throttled ? "slowed down by AWS…" : `reading roles… ${progress.done}/${progress.total}`;
  return ageMs === null || ageMs < 60_000 ? "" : `read ${ago(ageMs)}`;
}

function Line({ row, active, props }: { row: ListRow; active: boolean; props: RolesProps }) {
  const { state, actions } = props;
  if (row.kind === "heading") {
    return (
      <div class="row heading" role="presentation">
        <span>{row.text}</span>
        <span class="heading-note">{headingNote(row, state)}</span>
      </div>
    );
  }
  if (row.kind === "note") return <div class="row note">{row.text}</div>;
  const common = { id: optionId(row.key), active, busy: state.busy, nowMs: state.nowMs, actions };
  return row.kind === "role" ? <RoleLine row={row} {...common} /> : <AccountLine row={row} {...common} />;
}

/** The actions of the row the keyboard stands on, as real buttons with their keys. */
function ActionBar({ row, props }: { row: ListRow | undefined; props: RolesProps }) {
  const { state, actions, mac } = props;
  const format = state.view?.prefs.format ?? "sh";
  const control = mac ? "⌘" : "Ctrl ";
  if (row?.kind !== "role") {
    const label = row?.kind === "account" ? (row.expanded ? "Close account" : "Show roles") : "";
    return (
      <div class="actions">
        {row?.kind === "account" && (
          <button type="button" class="quiet" onClick={() => actions.choose(row)}>
            {label} <kbd>{row.expanded ? "←" : "→"}</kbd>
          </button>
        )}
      </div>
    );
  }
  return (
    <div class="actions" role="toolbar" aria-label={`${row.role} in ${row.accountName ?? row.account}`}>
      <button type="button" class="quiet" onClick={() => void actions.open(row)}>
        Open console <kbd>↵</kbd>
      </button>
      <span class="split">
        <button type="button" class="quiet" onClick={() => void actions.copy(row)}>
          Copy {FORMAT_NAMES[format].short} <kbd>{control}C</kbd>
        </button>
        <button
          type="button"
          class="quiet icon-only"
          aria-label="Choose a format"
          title={`Choose a format (${control}Shift C)`}
          aria-haspopup="menu"
          aria-expanded={state.formatMenu}
          onClick={() => actions.dispatch({ type: "format-menu", open: !state.formatMenu })}
        >
          <Icon name="caret" />
        </button>
      </span>
      <button
        type="button"
        class="quiet icon-only star"
        aria-label={row.favorite ? "Remove from favorites" : "Add to favorites"}
        title={`${row.favorite ? "Remove from favorites" : "Add to favorites"} (${control}D)`}
        aria-pressed={row.favorite}
        onClick={() => void actions.favorite(row)}
      >
        <Icon name="star" filled={row.favorite} />
      </button>
      {state.formatMenu && (
        <FormatMenu
          chosen={format}
          onClose={() => closeMenu(actions)}
          onChoose={(wanted) => {
            closeMenu(actions);
            if (wanted !== format) void actions.setPrefs({ format: wanted });
            void actions.copy(row, wanted);
          }}
        />
      )}
    </div>
  );
}

function closeMenu(actions: Actions): void {
  actions.dispatch({ type: "format-menu", open: false });
  document.querySelector<HTMLInputElement>(".search input")?.focus();
}

function RoleList({ rows, at, props }: { rows: readonly ListRow[]; at: number; props: RolesProps }) {
  return (
    <>
      <VirtualList
        frame={(options, style) => (
          <div id={LIST_ID} role="listbox" aria-label="Accounts and roles" tabIndex={-1} style={style}>
            {options}
          </div>
        )}
        items={rows}
        keyOf={(row) => row.key}
        cursor={at}
        draw={(row, index) => <Line row={row} active={index === at} props={props} />}
      />
      <ActionBar row={rows[at]} props={props} />
    </>
  );
}

/** Search, list, and what can be done with the row one stands on. */
export function RolesScreen(props: RolesProps) {
  const { state, actions } = props;
  const situation = situationOf(state);
  const rows = useRows(state);
  const at = cursorIndex(rows, state.cursor);
  // Whoever opens the popup types at once; the field stands there before the list does.
  const searchable = situation.as !== "pane" || situation.id === "loading";
  return (
    <main class="roles">
      {searchable && <SearchField rows={rows} at={at} props={props} />}
      {searchable && <Progress state={state} />}
      {situation.as === "pane" && <SituationPane situation={situation} state={state} actions={actions} />}
      {situation.as === "banner" && <SituationBanner situation={situation} state={state} actions={actions} />}
      {situation.as !== "pane" && <RoleList rows={rows} at={at} props={props} />}
    </main>
  );
}
