import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import type { ProdAsk } from "../state.ts";
import { EnvironmentWord } from "./environment-mark.tsx";
import { HoldButton } from "./hold-button.tsx";

interface ProdAskProps {
  readonly ask: ProdAsk;
  /** What the second press does. */
  readonly onYes: () => void;
  readonly actions: Actions;
}

/** [SW7] Said before anything is done with a role of production: by color, by shape and by word. */
export function ProdAskBar({ ask: { act, row }, onYes, actions }: ProdAskProps) {
  return (
    <div class="prod-ask" role="alertdialog" aria-label={t("prod.title")}>
      <p role="status">
        <EnvironmentWord environment="prod" />
        <b>{t("common.roleIn", [row.role, row.title])}</b>
        <span>{t(act === "copy" ? "prod.copyAgain" : "prod.openAgain")}</span>
      </p>
      <HoldButton class="danger" onPress={onYes} onHeld={onYes}>
        {t(act === "copy" ? "prod.copy" : "prod.open")}
      </HoldButton>
      <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: null })}>
        {t("common.keepOff")}
      </button>
    </div>
  );
}
