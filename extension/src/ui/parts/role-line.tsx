import { ENVIRONMENT_NAME } from "../../roles/environment.ts";
import type { Actions } from "../actions.ts";
import { longDuration, shortDuration } from "../duration.ts";
import type { AccountRow, ChoosableRow, RoleRow } from "../rows.ts";
import { EnvironmentBar, EnvironmentWord } from "./environment-mark.tsx";
import { Icon } from "./icon.tsx";
import { Ring } from "./ring.tsx";

interface LineProps<Row extends ChoosableRow> {
  readonly row: Row;
  readonly id: string;
  readonly active: boolean;
  readonly busy: ReadonlySet<string>;
  readonly nowMs: number;
  readonly actions: Actions;
}

const accountTitle = (row: ChoosableRow): string => row.accountName ?? row.account;

/** The keyboard stays in the search field, whatever the pointer does. */
const keepFocus = (event: MouseEvent): void => event.preventDefault();

const isCopySign = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('[data-action="copy"]') !== null;

function roleLabel(row: RoleRow, leftMs: number | null): string {
  const parts = [
    `${row.role} in ${accountTitle(row)}`,
    row.environment && ENVIRONMENT_NAME[row.environment],
    row.favorite && "favorite",
    leftMs !== null && `copied, ${longDuration(leftMs)} left`,
  ];
  return parts.filter(Boolean).join(", ");
}

/**
 * A role. The two signs at its end are for the pointer: inside an option nothing can be focused, so the same actions stand
 * as real buttons in the bar below the list, and on keys.
 */
export function RoleLine({ row, id, active, busy, nowMs, actions }: LineProps<RoleRow>) {
  const leftMs = row.copy && row.copy.expiresAtMs > nowMs ? row.copy.expiresAtMs - nowMs : null;
  const whole = row.copy ? row.copy.expiresAtMs - row.copy.copiedAtMs : 1;
  const isBusy = busy.has(`copy:${row.key}`) || busy.has(`open:${row.key}`);
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-label={roleLabel(row, leftMs)}
      class={`row role${active ? " active" : ""}${row.nested ? " nested" : ""}${isBusy ? " busy" : ""}`}
      data-account={row.account}
      data-role={row.role}
      title={`${accountTitle(row)} (${row.account}) ${row.role}`}
      onMouseMove={() => active || actions.dispatch({ type: "cursor", key: row.key })}
      onMouseDown={keepFocus}
      onClick={(event) => (isCopySign(event) ? void actions.copy(row) : actions.choose(row))}
      onKeyDown={(event) => event.key === "Enter" && actions.choose(row)}
    >
      <EnvironmentBar environment={row.environment} />
      {!row.nested && <span class="account-name">{accountTitle(row)}</span>}
      {!row.nested && <EnvironmentWord environment={row.environment} />}
      <span class="role-name">{row.role}</span>
      {leftMs !== null && (
        <span class="left">
          <Ring left={leftMs / whole} />
          {shortDuration(leftMs)}
        </span>
      )}
      <span class="sign copy" data-action="copy" title="Copy credentials">
        <Icon name="copy" />
      </span>
      <span class="sign open" data-action="open" title="Open the console">
        <Icon name="open" />
      </span>
    </div>
  );
}

const countText = (row: AccountRow): string =>
  row.roleCount === null ? "" : `${row.roleCount} role${row.roleCount === 1 ? "" : "s"}`;

export function AccountLine({ row, id, active, actions }: LineProps<AccountRow>) {
  const label = [
    accountTitle(row),
    row.environment && ENVIRONMENT_NAME[row.environment],
    countText(row),
    row.expanded && "open",
  ];
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-label={label.filter(Boolean).join(", ")}
      class={`row account${active ? " active" : ""}${row.expanded ? " expanded" : ""}`}
      data-account={row.account}
      onMouseMove={() => active || actions.dispatch({ type: "cursor", key: row.key })}
      onMouseDown={keepFocus}
      onClick={() => actions.choose(row)}
      onKeyDown={(event) => event.key === "Enter" && actions.choose(row)}
    >
      <EnvironmentBar environment={row.environment} />
      <span class="twist">
        <Icon name="chevron" />
      </span>
      <span class="account-name">{accountTitle(row)}</span>
      <EnvironmentWord environment={row.environment} />
      <span class="account-id">{row.account}</span>
      <span class="count">{countText(row)}</span>
    </div>
  );
}
