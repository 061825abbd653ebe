import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { FORMAT_NAMES } from "../format-names.ts";
import { type AccountRow, isChoosable, type ListRow, type RoleRow } from "../rows.ts";
import type { UiState } from "../state.ts";
import { FormatMenu } from "./format-menu.tsx";
import { HoldButton } from "./hold-button.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { LabelForm } from "./label-form.tsx";
import { ProdAskBar } from "./prod-ask.tsx";

interface BarProps {
  readonly state: UiState;
  readonly actions: Actions;
  readonly mac: boolean;
}

/** The keyboard goes back to where one types. */
export const focusSearch = (): void => document.querySelector<HTMLInputElement>(".search input")?.focus();

function Tool({
  icon,
  name,
  keys,
  ...press
}: {
  icon: IconName;
  name: string;
  keys: string;
  onClick: () => void;
}) {
  return (
    <button type="button" class="quiet icon-only" aria-label={name} title={`${name} (${keys})`} {...press}>
      <Icon name={icon} />
    </button>
  );
}

function AccountActions({ row, actions }: BarProps & { row: AccountRow }) {
  return (
    <div class="actions" role="toolbar" aria-label={row.title}>
      <button type="button" class="quiet" onClick={() => actions.choose(row)}>
        {t(row.expanded ? "list.closeAccount" : "list.showRoles")} <kbd>{row.expanded ? "←" : "→"}</kbd>
      </button>
      <Tool
        icon="label"
        name={t("list.label")}
        keys="F2"
        onClick={() => actions.dispatch({ type: "label", account: row.account })}
      />
    </div>
  );
}

function CopySplit({ row, state, actions, mac }: BarProps & { row: RoleRow }) {
  const format = state.view?.prefs.format ?? "sh";
  const keys = mac ? "⌘⇧C" : "Ctrl Shift C";
  return (
    <span class="split">
      <HoldButton
        class="quiet"
        title={`${mac ? "⌘" : "Ctrl "}C`}
        onPress={() => void actions.copy(row)}
        onHeld={() => void actions.copy(row, undefined, true)}
      >
        <span class="say">{t("list.copyAs", [FORMAT_NAMES[format].short])}</span>
      </HoldButton>
      <button
        type="button"
        class="quiet icon-only"
        aria-label={t("list.chooseFormat")}
        title={`${t("list.chooseFormat")} (${keys})`}
        aria-haspopup="menu"
        aria-expanded={state.formatMenu}
        onClick={() => actions.dispatch({ type: "format-menu", open: !state.formatMenu })}
      >
        <Icon name="caret" />
      </button>
    </span>
  );
}

function FavoriteTools({ row, state, actions, mac }: BarProps & { row: RoleRow }) {
  const control = mac ? "⌘" : "Ctrl ";
  const star = t(row.favorite ? "list.removeFavorite" : "list.addFavorite");
  const movable = row.favorite && state.query === "";
  return (
    <>
      {movable && (
        <>
          <Tool
            icon="up"
            name={t("list.favoriteUp")}
            keys="Alt Shift ↑"
            onClick={() => void actions.moveFavorite(row, -1)}
          />
          <Tool
            icon="caret"
            name={t("list.favoriteDown")}
            keys="Alt Shift ↓"
            onClick={() => void actions.moveFavorite(row, 1)}
          />
        </>
      )}
      <button
        type="button"
        class="quiet icon-only star"
        aria-label={star}
        title={`${star} (${control}D)`}
        aria-pressed={row.favorite}
        onClick={() => void actions.favorite(row)}
      >
        <Icon name="star" filled={row.favorite} />
      </button>
    </>
  );
}

function RoleActions(props: BarProps & { row: RoleRow }) {
  const { row, state, actions, mac } = props;
  const control = mac ? "⌘" : "Ctrl ";
  const format = state.view?.prefs.format ?? "sh";
  const closeMenu = (): void => {
    actions.dispatch({ type: "format-menu", open: false });
    focusSearch();
  };
  return (
    <div class="actions" role="toolbar" aria-label={t("common.roleIn", [row.role, row.title])}>
      <HoldButton
        class="quiet"
        title="↵"
        onPress={() => void actions.open(row)}
        onHeld={() => void actions.open(row, undefined, true)}
      >
        <span class="say">{t("list.openConsole")}</span>
      </HoldButton>
      <CopySplit {...props} />
      <span class="tools">
        <Tool
          icon="grid"
          name={t("list.service")}
          keys={`${control}K`}
          onClick={() => actions.dispatch({ type: "service", row })}
        />
        <Tool
          icon="link"
          name={t("list.copyLink")}
          keys={`${control}L`}
          onClick={() => void actions.copyLink(row)}
        />
        <Tool
          icon="label"
          name={t("list.label")}
          keys="F2"
          onClick={() => actions.dispatch({ type: "label", account: row.account })}
        />
        <FavoriteTools {...props} />
      </span>
      {state.formatMenu && (
        <FormatMenu
          chosen={format}
          onClose={closeMenu}
          onChoose={(wanted) => {
            closeMenu();
            if (wanted !== format) void actions.setPrefs({ format: wanted });
            void actions.copy(row, wanted);
          }}
        />
      )}
    </div>
  );
}

/** The actions of the row the keyboard stands on, as real buttons with their keys; or what one of them asks for. */
export function ActionBar({ row, ...props }: BarProps & { row: ListRow | undefined }) {
  const { asking, labeling, choosingService } = props.state;
  if (asking && !choosingService) {
    const { act, format, row: asked } = asking;
    const yes = (): void =>
      void (act === "copy"
        ? props.actions.copy(asked, format, true)
        : props.actions.open(asked, undefined, true));
    return <ProdAskBar ask={asking} onYes={yes} actions={props.actions} />;
  }
  if (!row || !isChoosable(row)) return <div class="actions" />;
  if (labeling === row.account) return <LabelForm row={row} actions={props.actions} />;
  return row.kind === "role" ? <RoleActions row={row} {...props} /> : <AccountActions row={row} {...props} />;
}
