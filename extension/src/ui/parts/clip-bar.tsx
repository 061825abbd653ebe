import { SECOND_MS } from "@jcfetch/shared/time";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import type { UiState } from "../state.ts";
import { focusSearch } from "./action-bar.tsx";
import { Icon } from "./icon.tsx";
import { Ring } from "./ring.tsx";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

/** What lies on the clipboard, and for how long yet. The notice has said it to screen readers; a countdown would talk on. */
export function ClipBar({ state, actions }: Props) {
  const guard = state.view?.guard;
  if (!guard?.clip || guard.locked) return null;
  const { clearsAtMs, role, account, accountName } = guard.clip;
  const seconds = Math.max(0, Math.ceil((clearsAtMs - state.nowMs) / SECOND_MS));
  const fresh = state.notice?.copied;
  return (
    <section class={`clip-bar${fresh ? " fresh" : ""}`} aria-label={t("guard.onClipboard")}>
      {fresh ? <Icon name="check" /> : <Ring left={seconds / guard.prefs.clipboardSeconds} />}
      <span class="clip-text">
        <span class="clip-role">{t("guard.roleIn", [role, accountName ?? account])}</span>{" "}
        <span class="dim clock">{t("guard.secondsLeft", [seconds])}</span>
      </span>
      <button
        type="button"
        class="quiet"
        aria-busy={state.busy.has("clear-clipboard")}
        onClick={() => {
          focusSearch(); // the button goes with what it clears, and would take the keyboard along
          void actions.clearClipboard();
        }}
      >
        {t("guard.clearNow")}
      </button>
    </section>
  );
}
