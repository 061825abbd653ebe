import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import type { ChoosableRow } from "../rows.ts";

/** What the user calls an account. */
export function LabelForm({ row, actions }: { row: ChoosableRow; actions: Actions }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
    return () => document.querySelector<HTMLInputElement>(".search input")?.focus();
  }, []);
  const leave = (): void => actions.dispatch({ type: "label", account: null });
  return (
    <form
      class="actions label-form"
      onSubmit={(event) => {
        event.preventDefault();
        void actions.setLabel(row.account, field.current?.value ?? "");
      }}
    >
      <input
        ref={field}
        type="text"
        aria-label={t("list.labelOf", [row.accountName ?? row.account])}
        placeholder={row.accountName ?? row.account}
        maxLength={60}
        defaultValue={row.label ?? ""}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          leave();
        }}
      />
      <button type="submit" class="primary">
        {t("list.labelSave")}
      </button>
      <button type="button" onClick={leave}>
        {t("common.keepOff")}
      </button>
    </form>
  );
}
