import type { BrokerAlarm } from "../../messaging/view.ts";
import type { Actions } from "../actions.ts";
import type { UiState } from "../state.ts";
import { Icon } from "./icon.tsx";

const WORDS: Readonly<Record<BrokerAlarm, string>> = {
  regressed: "has seen more than the broker knows now. Every terminal waits.",
  "set-back": "Its record of what happened ends earlier than it did when this browser last looked.",
  changed: "Its record of what happened is not the one that this browser saw before.",
  gap: "Numbers are missing from its record of what happened, and you have not let it go on without them.",
};

/** The broker's memory is not what it was. What happened is for people to find out; going on is theirs to say. [AU4] [JS5] */
export function Alarm({ state, actions }: { state: UiState; actions: Actions }) {
  const alarm = state.view?.alarm;
  if (!alarm) return null;
  const by = state.view?.alarmBy ?? null;
  const asking = state.confirming === "accept-broker";
  return (
    <section class="banner alarm" role="alert">
      <Icon name="alert" />
      <div>
        <b>The broker’s memory was set back</b>
        <p>
          {alarm === "regressed" && <b>{by ?? "A terminal"}</b>} {WORDS[alarm]}
        </p>
        <p>
          {asking
            ? "Somebody who can set it back can also hide what was done. Go on only if you know why it happened."
            : "Ask who runs the broker whether a backup was restored. If nobody did that, lock all terminals."}
          {by !== null && " If only this terminal says so, its keys may be in other hands: remove it."}
        </p>
        <span class="buttons">
          {asking ? (
            <>
              <button
                type="button"
                class="danger"
                aria-busy={state.busy.has("accept-broker")}
                onClick={() => void actions.acceptBroker()}
              >
                Go on
              </button>
              <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: null })}>
                Not yet
              </button>
            </>
          ) : (
            <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: "accept-broker" })}>
              Go on with this broker
            </button>
          )}
        </span>
      </div>
    </section>
  );
}
