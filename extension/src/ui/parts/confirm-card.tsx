import { useState } from "preact/hooks";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { formatTitle } from "../format-title.ts";
import type { UiState } from "../state.ts";
import { EnvironmentBar, EnvironmentWord } from "./environment-mark.tsx";
import { HoldButton } from "./hold-button.tsx";
import { Icon } from "./icon.tsx";
import { Ring } from "./ring.tsx";

const ASKED_FOR_MS = 60_000;

/** A second press counts, but not so soon that it is half of a double click. */
const AGAIN_AFTER_MS = 400;

/** What comes in the card's first moment was meant for whatever stood there before. */
function Copy({ busy, onMeant }: { busy: boolean; onMeant: () => void }) {
  const [shownMs] = useState(() => performance.now());
  const [pressedMs, setPressedMs] = useState<number>();
  const press = (): void => {
    const now = performance.now();
    if (now - shownMs < AGAIN_AFTER_MS || busy) return;
    if (pressedMs === undefined) setPressedMs(now);
    else if (now - pressedMs >= AGAIN_AFTER_MS) onMeant();
  };
  return (
    <HoldButton class="danger" onPress={press} onHeld={onMeant}>
      {t(pressedMs === undefined ? "confirm.hold" : "confirm.again")}
    </HoldButton>
  );
}

/** [PB3] A press in the portal on a production role: which account and role, in which format; copied only when it is meant. */
export function ConfirmCard({ state, actions }: { state: UiState; actions: Actions }) {
  const confirm = state.view?.confirm;
  if (!confirm || confirm.untilMs <= state.nowMs) return null;
  const { id, account, accountName, role, format, untilMs } = confirm;
  return (
    <section
      class="approval meant"
      key={id}
      role="alertdialog"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-what"
    >
      <div class="approval-head">
        <Icon name="alert" />
        <h2 id="confirm-title">{t("confirm.title")}</h2>
        <span class="left" role="timer" aria-label={t("common.timeLeft")}>
          <Ring left={(untilMs - state.nowMs) / ASKED_FOR_MS} />
          {t("common.seconds", [Math.ceil((untilMs - state.nowMs) / 1_000)])}
        </span>
      </div>
      <div id="confirm-what">
        <p class="asked-role">
          <EnvironmentBar environment="prod" />
          <b>{role}</b>
          <span>{accountName ?? account}</span>
          <EnvironmentWord environment="prod" />
          {accountName && <span class="account-id">{account}</span>}
          <span class="dim">{t("confirm.as", [formatTitle(format)])}</span>
        </p>
        <p class="dim">{t("confirm.text")}</p>
      </div>
      <div class="meant-answer">
        <Copy busy={state.busy.has("confirm")} onMeant={() => void actions.confirmCopy(confirm)} />
        <button type="button" onClick={() => void actions.confirmDrop(confirm)}>
          {t("confirm.drop")}
        </button>
      </div>
    </section>
  );
}
