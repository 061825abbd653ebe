import { useEffect, useRef, useState } from "preact/hooks";
import type { PairingView } from "../../messaging/view.ts";
import type { Actions } from "../actions.ts";
import { Icon } from "../parts/icon.tsx";
import { Ring } from "../parts/ring.tsx";
import type { UiState } from "../state.ts";
import { Approve } from "./approve.tsx";
import { ScreenHeader } from "./terminals.tsx";

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
      <p>
        In the terminal, run <code>jcfetch pair</code> and paste this code when it asks:
      </p>
      <output class="pair-code">{pairing.code}</output>
      <div class="code-row">
        <button type="button" class="primary" onClick={() => void copy()}>
          <Icon name={copied ? "check" : "copy"} /> {copied ? "Copied" : "Copy code"}
        </button>
        <span class="left" role="timer" aria-label="Time left">
          <Ring left={leftMs / CODE_SHOWN_MS} />
          {Math.floor(leftMs / 1_000)} s
        </span>
      </div>
      <p class="dim">
        Paste it only into a terminal you opened yourself. You can close this window meanwhile.
      </p>
    </div>
  );
}

const WORD_PLACES = ["First word", "Second word", "Third word"];

function Words({ state, actions }: Props) {
  const [words, setWords] = useState(["", "", ""]);
  const fields = useRef<(HTMLInputElement | null)[]>([]);
  useEffect(() => fields.current[0]?.focus(), []);
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
      <p>The terminal shows three words. Type them here; there is one try.</p>
      <div class="words">
        {WORD_PLACES.map((place, at) => (
          <input
            key={place}
            type="text"
            aria-label={place}
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
        Continue
      </button>
      <p class="dim">They prove that the code reached your terminal and nobody else's.</p>
    </form>
  );
}

function Done({ pairing, actions }: Props & { pairing: Step<"done"> }) {
  return (
    <div class="pane done">
      <div class="pane-sign good">
        <Icon name="check" />
      </div>
      <h1>{pairing.name} is paired</h1>
      {pairing.here ? (
        <p>The terminal goes on by itself: it writes your profiles and tries one.</p>
      ) : (
        <p>
          Next, in that terminal: <code>jcfetch configure</code>
        </p>
      )}
      <button
        type="button"
        class="primary"
        ref={(button) => button?.focus()}
        onClick={() => void actions.pairLeave()}
      >
        Done
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
      <h1>Not paired</h1>
      <p class="sentence">{text}.</p>
      <p class="next">→ {next}</p>
      <button type="button" class="primary" onClick={() => void actions.pairStart()}>
        Start again
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
      return <Skeleton label="Waiting for the terminal" />;
    case "words":
      return <Words {...props} />;
    case "choose":
      return <Approve terminal={pairing} {...props} />;
    case "done":
      return <Done pairing={pairing} {...props} />;
    case "failed":
      return <Failed pairing={pairing} {...props} />;
    case "none":
      return <Skeleton label="Making a code" />;
  }
}

/** A pairing, step by step. Going back stops it. */
export function PairingScreen(props: Props) {
  const { actions, state } = props;
  const ended = state.pairing.step === "done" || state.pairing.step === "failed";
  return (
    <main class="pairing">
      <ScreenHeader title="Pair a terminal" actions={actions} onBack={() => void actions.pairLeave()} />
      <StepOf {...props} />
      {!ended && (
        <button type="button" class="quiet stop" onClick={() => void actions.pairLeave()}>
          Stop pairing
        </button>
      )}
    </main>
  );
}
