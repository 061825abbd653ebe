import type { LockCause } from "../../messaging/guard-view.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import type { UiState } from "../state.ts";
import { Icon } from "./icon.tsx";

const CAUSE = {
  idle: "guard.lockedIdle",
  screen: "guard.lockedScreen",
  user: "guard.lockedUser",
} as const satisfies Record<LockCause, string>;

/** [LK4] All that a locked browser shows. */
export function LockedPane({
  cause,
  state,
  actions,
}: {
  cause: LockCause;
  state: UiState;
  actions: Actions;
}) {
  return (
    <main class="pane locked-pane">
      <div class="pane-sign">
        <Icon name="lock" />
      </div>
      <h1>{t("guard.locked")}</h1>
      <p>{t(CAUSE[cause])}</p>
      <button
        type="button"
        class="primary"
        aria-busy={state.busy.has("lock")}
        ref={(button) => button?.focus()}
        onClick={() => void actions.unlockBrowser()}
      >
        {t("guard.unlock")}
      </button>
      <p class="dim">{t("guard.lockedMeans")}</p>
    </main>
  );
}
