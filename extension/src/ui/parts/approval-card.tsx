import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ApprovalView } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { environmentIn } from "../places.ts";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";
import { EnvironmentBar, EnvironmentWord } from "./environment-mark.tsx";
import { Icon } from "./icon.tsx";
import { Ring } from "./ring.tsx";

const ASKED_FOR_MS = 60_000;

/** Into the field at once, unless the user is writing something: what they type next is not meant for it. */
function useFocus(id: string) {
  const field = useRef<HTMLInputElement>(null);
  // Once for each question.
  useLayoutEffect(() => {
    const { activeElement } = document;
    const writing = activeElement instanceof HTMLInputElement && activeElement.value !== "";
    if (!writing) field.current?.focus();
  }, [id]);
  return field;
}

/** Names stand in our own list; what the terminal says of itself is set apart. */
function Who({ approval }: { approval: ApprovalView }) {
  const { host, osUser, ssh, process, directory } = approval;
  return (
    <p class="asked-by">
      {rich("common.userOnHost", <bdi>{osUser}</bdi>, <bdi>{host}</bdi>)} ·{" "}
      {t(ssh ? "common.overSsh" : "common.local")}
      <span class="dim">
        {rich("approval.says", <bdi class="code">{process}</bdi>, <bdi class="code">{directory}</bdi>)}
      </span>
    </p>
  );
}

function What({ approval, state }: { approval: ApprovalView; state: UiState }) {
  const { account, accountName, role } = approval;
  const environment = environmentIn(state.view, { id: account, name: accountName });
  return (
    <p class="asked-role">
      <EnvironmentBar environment={environment} />
      <b>{role}</b>
      <span>{accountName ?? account}</span>
      <EnvironmentWord environment={environment} />
      {accountName && <span class="account-id">{account}</span>}
    </p>
  );
}

interface Props {
  readonly approval: ApprovalView;
  readonly state: UiState;
  readonly actions: Actions;
}

function Answer({ approval, state, actions }: Props) {
  const [digits, setDigits] = useState("");
  const field = useFocus(approval.id);
  const whole = /^\d{2}$/.test(digits);
  const busy = state.busy.has("approval");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) void actions.answerApproval(approval.id, digits);
      }}
    >
      <label>
        {t("approval.number")}
        <input
          type="text"
          inputMode="numeric"
          maxLength={2}
          autocomplete="off"
          ref={field}
          value={digits}
          onInput={(event) => setDigits(event.currentTarget.value.replaceAll(/\D/g, ""))}
        />
      </label>
      <button type="submit" class="primary" disabled={!whole} aria-busy={busy}>
        {t("approval.approve")}
      </button>
      <button type="button" onClick={() => void actions.answerApproval(approval.id, null)}>
        {t("approval.refuse")}
      </button>
    </form>
  );
}

/** [AS3] The one request that waits for the user, above everything else. */
export function ApprovalCard({ state, actions }: { state: UiState; actions: Actions }) {
  const approval = state.view?.approval;
  if (!approval) return null;
  const leftMs = Math.min(ASKED_FOR_MS, Math.max(0, approval.untilMs - state.nowMs));
  return (
    <section
      class="approval"
      key={approval.id}
      role="alertdialog"
      aria-labelledby="approval-title"
      aria-describedby="approval-what"
    >
      <div class="approval-head">
        <Icon name={approval.ssh ? "remote" : "terminal"} />
        <h2 id="approval-title">{rich("approval.asks", <bdi>{approval.name}</bdi>)}</h2>
        <span class="left" role="timer" aria-label={t("common.timeLeft")}>
          <Ring left={leftMs / ASKED_FOR_MS} />
          {t("common.seconds", [Math.ceil(leftMs / 1_000)])}
        </span>
      </div>
      <div id="approval-what">
        <What approval={approval} state={state} />
        <Who approval={approval} />
      </div>
      <Answer approval={approval} state={state} actions={actions} />
      <p class="dim">{t("approval.note")}</p>
    </section>
  );
}
