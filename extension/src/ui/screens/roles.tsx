import { MINUTE_MS } from "@jcfetch/shared/time";
import { useMemo } from "preact/hooks";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { ago } from "../duration.ts";
import { ActionBar } from "../parts/action-bar.tsx";
import { AccountLine, RoleLine } from "../parts/role-line.tsx";
import { LIST_ID, optionId, SearchField } from "../parts/search-field.tsx";
import { SituationBanner, SituationPane } from "../parts/situation-pane.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { WaitingBar } from "../parts/waiting-bar.tsx";
import { cursorIndex, type ListRow, listRows } from "../rows.ts";
import { ServicePalette } from "../screens.ts";
import { situationOf } from "../situation.ts";
import { currentDirectory, type UiState } from "../state.ts";

interface RolesProps {
  readonly state: UiState;
  readonly actions: Actions;
  readonly mac: boolean;
}

function useRows(state: UiState): readonly ListRow[] {
  const { view, portal, query, expanded } = state;
  const directory = currentDirectory(state);
  return useMemo(
    () =>
      view && portal !== null && directory ? listRows({ view, portal, directory, query, expanded }) : [],
    [view, portal, directory, query, expanded],
  );
}

/** The thin line under the search field while AWS is still being asked, and how old the list is. */
function Progress({ state }: { state: UiState }) {
  const directory = currentDirectory(state);
  const progress = directory?.progress;
  if (!progress) return <div class="progress idle" />;
  const { done, total, throttled } = progress;
  const text = t(throttled ? "list.progressSlow" : "list.progress", [done, total]);
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
    return progress.throttled ? t("list.slowed") : t("list.readingOf", [progress.done, progress.total]);
  return ageMs === null || ageMs < MINUTE_MS ? "" : t("list.read", [ago(ageMs)]);
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
  if (row.kind === "note") {
    return (
      <div class="row note" role="option" tabIndex={-1} aria-disabled={true} aria-selected={false}>
        {row.text}
      </div>
    );
  }
  const still = state.asking !== null || state.labeling !== null || state.formatMenu;
  const { busy, nowMs, query } = state;
  const common = { id: optionId(row.key), active, still, busy, nowMs, query: query.trim(), actions };
  return row.kind === "role" ? <RoleLine row={row} {...common} /> : <AccountLine row={row} {...common} />;
}

function RoleList({ rows, at, props }: { rows: readonly ListRow[]; at: number; props: RolesProps }) {
  return (
    <>
      <VirtualList
        frame={(options, style) => (
          <div id={LIST_ID} role="listbox" aria-label={t("list.name")} tabIndex={-1} style={style}>
            {options}
          </div>
        )}
        items={rows}
        keyOf={(row) => row.key}
        cursor={at}
        draw={(row, index) => <Line row={row} active={index === at} props={props} />}
      />
      <ActionBar row={rows[at]} {...props} />
    </>
  );
}

/** Search, list, and what can be done with the row one stands on. */
export function RolesScreen(props: RolesProps) {
  const { state, actions } = props;
  const situation = situationOf(state);
  const rows = useRows(state);
  const at = cursorIndex(rows, state.cursor);
  if (state.choosingService) return <ServicePalette row={state.choosingService} {...props} />;
  // Whoever opens the popup types at once; the field stands there before the list does.
  const searchable = situation.as !== "pane" || situation.id === "loading";
  return (
    <main class="roles">
      {searchable && <h1 class="unseen">{t("list.name")}</h1>}
      {searchable && <SearchField rows={rows} at={at} {...props} />}
      {searchable && <Progress state={state} />}
      {situation.as === "pane" && <SituationPane situation={situation} state={state} actions={actions} />}
      {situation.as === "banner" && <SituationBanner situation={situation} state={state} actions={actions} />}
      <WaitingBar state={state} actions={actions} />
      {situation.as !== "pane" && <RoleList rows={rows} at={at} props={props} />}
    </main>
  );
}
