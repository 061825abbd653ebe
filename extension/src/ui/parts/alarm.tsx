import type { BrokerAlarm } from "../../messaging/view.ts";
import { t, type WordKey } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";
import { Icon } from "./icon.tsx";

const WORDS = {
  regressed: "alarm.regressed",
  "set-back": "alarm.setBack",
  changed: "alarm.changed",
  gap: "alarm.gap",
} as const satisfies Record<BrokerAlarm, WordKey>;

/** The broker's memory is not what it was. What happened is for people to find out; going on is theirs to say. [AU4] [JS5] */
export function Alarm({ state, actions }: { state: UiState; actions: Actions }) {
  const alarm = state.view?.alarm;
  if (!alarm) return null;
  const by = state.view?.alarmBy ?? null;
  const asking = state.confirming === "accept-broker";
  const question = t(asking ? "alarm.askTwice" : "alarm.ask");
  return (
    <section class="banner alarm" role="alert">
      <Icon name="alert" />
      <div>
        <b>{t("alarm.title")}</b>
        <p>{rich(WORDS[alarm], <b>{by ?? t("alarm.aTerminal")}</b>)}</p>
        <p>{by === null ? question : t("common.sentences", [question, t("alarm.onlyOne")])}</p>
        <span class="buttons">
          {asking ? (
            <>
              <button
                type="button"
                class="danger"
                aria-busy={state.busy.has("accept-broker")}
                onClick={() => void actions.acceptBroker()}
              >
                {t("alarm.goOn")}
              </button>
              <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: null })}>
                {t("alarm.notYet")}
              </button>
            </>
          ) : (
            <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: "accept-broker" })}>
              {t("alarm.goOnWith")}
            </button>
          )}
        </span>
      </div>
    </section>
  );
}
