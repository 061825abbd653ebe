import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PairingView } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { Icon } from "../parts/icon.tsx";
import { Ring } from "../parts/ring.tsx";
import { ScreenHeader } from "../parts/screen-header.tsx";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";
import { Approve } from "./approve.tsx";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}
type Step<S extends PairingView["step"]> = Extract<PairingView, { step: S }>;

const CODE_SHOWN_MS = 120_000;

function Waiting({ pairing, state, actions }: Props & { pairing: Step<"waiting"> }) {
  const [copied, setCopied] = useState(false);
  // The clock shown ticks once a second, so it may stand a little before the moment the code was made.
  const leftMs = Math.min(CODE_SHOWN_MS, Math.max(0, pairing.expiresAtMs - state.nowMs));
  const copy = async (): Promise<void> => {
    await actions.copyText(pairing.code);
    setCopied(true);
  };
  return (
    <div class="pairing-step">
      <p>{rich("pairing.paste", <code>jcfetch pair</code>)}</p>
      <output class="pair-code">{pairing.code}</output>
      <div class="code-row">
        <button type="button" class="primary" onClick={() => void copy()}>
          <Icon name={copied ? "check" : "copy"} /> {t(copied ? "common.copied" : "pairing.copyCode")}
        </button>
        <span class="left" role="timer" aria-label={t("common.timeLeft")}>
          <Ring left={leftMs / CODE_SHOWN_MS} />
          {t("common.seconds", [Math.floor(leftMs / 1_000)])}
        </span>
      </div>
      <p class="dim">{t("pairing.ownTerminal")}</p>
    </div>
  );
}

const WORD_PLACES = ["pairing.firstWord", "pairing.secondWord", "pairing.thirdWord"] as const;

function Words({ state, actions }: Props) {
  const [words, setWords] = useState(["", "", ""]);
  const fields = useRef<(HTMLInputElement | null)[]>([]);
  useLayoutEffect(() => fields.current[0]?.focus(), []);
  const enter = (at: number, text: string): void => {
    const typed = text.toLowerCase().split(/[^a-z]+/);
    const next = [...words];
    // A space ends a word, and three words pasted into one field fill all three.
    typed.slice(0, 3 - at).forEach((word, i) => {
      if (i === 0 || word !== "") next[at + i] = word;
    });
    setWords(next);
    const goTo = Math.min(2, at + typed.length - 1);
    if (goTo !== at) fields.current[goTo]?.focus();
  };
  const whole = words.every((word) => word.length >= 3);
  return (
    <form
      class="pairing-step"
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) void actions.pairWords(words.join(" "));
      }}
    >
      <p>{t("pairing.typeWords")}</p>
      <div class="words">
        {WORD_PLACES.map((place, at) => (
          <input
            key={place}
            type="text"
            aria-label={t(place)}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={words[at]}
            ref={(field) => {
              fields.current[at] = field;
            }}
            onInput={(event) => enter(at, event.currentTarget.value)}
          />
        ))}
      </div>
      <button type="submit" class="primary wide" disabled={!whole} aria-busy={state.busy.has("pair-words")}>
        {t("pairing.continue")}
      </button>
      <p class="dim">{t("pairing.wordsProve")}</p>
    </form>
  );
}

function Done({ pairing, actions }: Props & { pairing: Step<"done"> }) {
  return (
    <div class="pane done">
      <div class="pane-sign good">
        <Icon name="check" />
      </div>
      <h1>{t("pairing.paired", [pairing.name])}</h1>
      {pairing.here ? (
        <p>{t("pairing.goesOn")}</p>
      ) : (
        <p>{rich("pairing.nextCommand", <code>jcfetch configure</code>)}</p>
      )}
      <button
        type="button"
        class="primary"
        ref={(button) => button?.focus()}
        onClick={() => void actions.pairLeave()}
      >
        {t("pairing.done")}
      </button>
    </div>
  );
}

function Failed({ pairing, actions }: Props & { pairing: Step<"failed"> }) {
  const { text, next } = pairing.problem;
  return (
    <div class="pane failed">
      <div class="pane-sign bad">
        <Icon name="alert" />
      </div>
      <h1>{t("pairing.notPaired")}</h1>
      <p class="sentence">{t("common.sentence", [text])}</p>
      <p class="next">→ {next}</p>
      <button type="button" class="primary" onClick={() => void actions.pairStart()}>
        {t("pairing.startAgain")}
      </button>
    </div>
  );
}

function Skeleton({ label }: { label: string }) {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      <span style={{ inlineSize: "60%" }} />
      <span style={{ inlineSize: "90%" }} />
    </div>
  );
}

function StepOf(props: Props) {
  const { pairing } = props.state;
  switch (pairing.step) {
    case "waiting":
      return <Waiting pairing={pairing} {...props} />;
    case "joining":
      return <Skeleton label={t("pairing.waiting")} />;
    case "words":
      return <Words {...props} />;
    case "choose":
      return <Approve terminal={pairing} {...props} />;
    case "done":
      return <Done pairing={pairing} {...props} />;
    case "failed":
      return <Failed pairing={pairing} {...props} />;
    case "none":
      return <Skeleton label={t("pairing.making")} />;
  }
}

/** A pairing, step by step. Going back stops it. */
export function PairingScreen({ inner = false, ...props }: Props & { inner?: boolean }) {
  const { actions, state } = props;
  // On the settings page it is a part of what is there.
  const Frame = inner ? "section" : "main";
  const ended = state.pairing.step === "done" || state.pairing.step === "failed";
  return (
    <Frame class="pairing">
      <ScreenHeader title={t("terminals.pair")} actions={actions} onBack={() => void actions.pairLeave()} />
      <StepOf {...props} />
      {!ended && (
        <button type="button" class="quiet stop" onClick={() => void actions.pairLeave()}>
          {t("pairing.stop")}
        </button>
      )}
    </Frame>
  );
}
