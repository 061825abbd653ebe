import { useState } from "preact/hooks";
import type { Actions } from "../actions.ts";
import type { UiState } from "../state.ts";

interface Preview {
  readonly url: string;
  readonly permission: string | null;
}

/**
 * Takes a broker's one-use code. The code is read as soon as it is pasted, so that the address can be shown before anything
 * is sent, and so that the browser's question can be asked right in the press.
 */
export function EnrolForm({ state, actions }: { state: UiState; actions: Actions }) {
  const [code, setCode] = useState("");
  const [preview, setPreview] = useState<Preview | null>(null);
  const typed = async (text: string): Promise<void> => {
    setCode(text);
    setPreview(null);
    const trimmed = text.trim();
    if (trimmed !== "") setPreview((await actions.readEnrolCode(trimmed)) ?? null);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (preview && (await actions.enrol(code.trim(), preview.permission))) setCode("");
  };
  const unreadable = code.trim() !== "" && !preview;
  return (
    <form class="enrol" onSubmit={(event) => void submit(event)}>
      <div class="inline-form">
        <input
          type="text"
          class="code"
          aria-label="Code of the broker"
          aria-describedby="enrol-note"
          placeholder="jcb1_…"
          autocomplete="off"
          spellcheck={false}
          value={code}
          onInput={(event) => void typed(event.currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={!preview} aria-busy={state.busy.has("enrol")}>
          Connect
        </button>
      </div>
      <p id="enrol-note" class="dim" role="status">
        {preview && (
          <>
            Connects to <span class="account-id">{preview.url.replace(/^https?:\/\//, "")}</span>
            {preview.permission && "; the browser will ask you to allow it"}
          </>
        )}
        {unreadable && "This is not a whole code yet."}
      </p>
    </form>
  );
}
