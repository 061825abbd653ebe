import { matched } from "../../roles/search.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { ago, longDuration, shortDuration } from "../duration.ts";
import type { AccountRow, ChoosableRow, RoleRow } from "../rows.ts";
import { EnvironmentBar, EnvironmentWord, environmentName } from "./environment-mark.tsx";
import { Icon } from "./icon.tsx";
import { Ring } from "./ring.tsx";

interface LineProps<Row extends ChoosableRow> {
  readonly row: Row;
  readonly id: string;
  readonly active: boolean;
  /** Something asks about a row, so the pointer does not choose another on its way. */
  readonly still: boolean;
  readonly query: string;
  readonly busy: ReadonlySet<string>;
  readonly nowMs: number;
  readonly actions: Actions;
}

/** The keyboard stays in the search field, whatever the pointer does. */
const keepFocus = (event: MouseEvent): void => event.preventDefault();

const isCopySign = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('[data-action="copy"]') !== null;

/** A text in which the letters that were searched for stand out. */
function Found({ text, query }: { text: string; query: string }) {
  if (query === "") return <>{text}</>;
  return <>{matched(text, query).map(([piece, hit], at) => (hit ? <mark key={at}>{piece}</mark> : piece))}</>;
}

/** Name of the account beside the user's own, as far as there is place, and its tags. */
function AccountMarks({ row, query }: { row: ChoosableRow; query: string }) {
  return (
    <>
      <span class="account-name">
        <Found text={row.title} query={query} />
      </span>
      {row.label !== null && row.accountName !== null && (row.kind === "account" || query !== "") && (
        <span class="real-name">
          <Found text={row.accountName} query={query} />
        </span>
      )}
      <EnvironmentWord environment={row.environment} />
      {row.tags.length > 0 && (
        <span class={query === "" ? "tags" : "seen"}>
          {row.tags.slice(0, row.kind === "account" ? 2 : 1).map((tag) => (
            <span key={tag} class="tag">
              <Found text={tag} query={query} />
            </span>
          ))}
        </span>
      )}
    </>
  );
}

const listOf = (parts: readonly (string | false | null)[]): string =>
  parts.filter(Boolean).join(t("common.comma"));

function roleLabel(row: RoleRow, leftMs: number | null): string {
  return listOf([
    t("common.roleIn", [row.role, row.title]),
    row.environment && environmentName(row.environment),
    ...row.tags,
    row.favorite && t("list.favorite"),
    row.opened !== null && t("list.signedIn"),
    leftMs !== null && t("list.copiedLeft", [longDuration(leftMs)]),
  ]);
}

/**
 * A role: read as one sentence, seen as a row. The two signs at its end are for the pointer: inside an option nothing can be focused, so the same actions stand
 * as real buttons in the bar below the list, and on keys.
 */
export function RoleLine({ row, id, active, still, query, busy, nowMs, actions }: LineProps<RoleRow>) {
  const leftMs = row.copy && row.copy.expiresAtMs > nowMs ? row.copy.expiresAtMs - nowMs : null;
  const whole = row.copy ? row.copy.expiresAtMs - row.copy.copiedAtMs : 1;
  const isBusy = busy.has(`copy:${row.key}`) || busy.has(`open:${row.key}`);
  const press = (event: MouseEvent): void => {
    if (event.detail > 1) return; // a double click is one press
    if (isCopySign(event)) void actions.copy(row);
    else actions.choose(row);
  };
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      class={`row role${active ? " active" : ""}${row.nested ? " nested" : ""}${isBusy ? " busy" : ""}`}
      data-account={row.account}
      data-role={row.role}
      title={`${row.accountName ?? row.title} (${row.account}) ${row.role}`}
      onMouseMove={() => active || still || actions.dispatch({ type: "cursor", key: row.key })}
      onMouseDown={keepFocus}
      onClick={press}
      onKeyDown={(event) => event.key === "Enter" && actions.choose(row)}
    >
      <span class="unseen">{roleLabel(row, leftMs)}</span>
      <span class="seen" aria-hidden="true">
        <EnvironmentBar environment={row.environment} />
        {!row.nested && <AccountMarks row={row} query={query} />}
        <span class="role-name">
          <Found text={row.role} query={query} />
        </span>
        {row.opened && (
          <span class="opened" title={t("list.signedInHow", [ago(nowMs - row.opened.openedAtMs)])}>
            <Icon name="check" />
          </span>
        )}
        {leftMs !== null && (
          <span class="left">
            <Ring left={leftMs / whole} />
            {shortDuration(leftMs)}
          </span>
        )}
        <span class="sign copy" data-action="copy" title={t("list.copyCredentials")}>
          <Icon name="copy" />
        </span>
        <span class="sign open" data-action="open" title={t("list.openConsole")}>
          <Icon name="open" />
        </span>
      </span>
    </div>
  );
}

const countText = ({ roleCount }: AccountRow): string =>
  roleCount === null ? "" : t("common.roles", roleCount);

export function AccountLine({ row, id, active, still, query, actions }: LineProps<AccountRow>) {
  const label = listOf([
    row.title,
    row.environment && environmentName(row.environment),
    ...row.tags,
    countText(row),
    row.expanded && t("list.open"),
  ]);
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      class={`row account${active ? " active" : ""}${row.expanded ? " expanded" : ""}`}
      data-account={row.account}
      onMouseMove={() => active || still || actions.dispatch({ type: "cursor", key: row.key })}
      onMouseDown={keepFocus}
      onClick={() => actions.choose(row)}
      onKeyDown={(event) => event.key === "Enter" && actions.choose(row)}
    >
      <span class="unseen">{label}</span>
      <span class="seen" aria-hidden="true">
        <EnvironmentBar environment={row.environment} />
        <span class="twist">
          <Icon name="chevron" />
        </span>
        <AccountMarks row={row} query={query} />
        <span class="account-id">
          <Found text={row.account} query={query} />
        </span>
        <span class="count">{countText(row)}</span>
      </span>
    </div>
  );
}
