import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { rowOf } from "../rows.ts";
import { currentDirectory, type UiState } from "../state.ts";
import { EnvironmentWord } from "./environment-mark.tsx";
import { HoldButton } from "./hold-button.tsx";

/** [SW9] The copy that waits for a sign-in; or for the press after it: of production, or of a person nobody knows. */
export function WaitingBar({ state, actions }: { state: UiState; actions: Actions }) {
  const { view, portal } = state;
  const directory = currentDirectory(state);
  const waiting = view?.switcher.waiting;
  if (!view || !waiting || waiting.portal !== portal || waiting.untilMs <= state.nowMs || !directory)
    return null;
  const input = { view, portal, directory, query: "", expanded: state.expanded };
  const row = rowOf(input, waiting.account, waiting.role);
  const name = t("common.roleIn", [row.role, row.title]);
  const isProd = row.environment === "prod";
  const copy = (): void => void actions.copy(row, waiting.format, true);
  return (
    <div class={waiting.asks ? "prod-ask" : "waiting"} role="status">
      <p>
        {waiting.asks && <EnvironmentWord environment={row.environment} />}
        <b>{name}</b>
        <span>{t(waiting.asks ? "prod.copyNow" : "list.goesOn")}</span>
      </p>
      {waiting.asks && (
        <HoldButton class="danger" onPress={copy} onHeld={copy}>
          {t(isProd ? "prod.copy" : "list.copyCredentials")}
        </HoldButton>
      )}
      <button type="button" onClick={() => void actions.dropWaiting()}>
        {t("list.dropCopy")}
      </button>
    </div>
  );
}
