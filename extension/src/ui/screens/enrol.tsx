import { useState } from "preact/hooks";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { bare } from "../bare.ts";
import { Replaces } from "../parts/left-behind.tsx";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";
import { JoinOffer } from "./join.tsx";

type Preview = NonNullable<Awaited<ReturnType<Actions["readEnrolCode"]>>>;

interface EnrolProps {
  readonly state: UiState;
  readonly actions: Actions;
  /** Something else on the screen is the thing to do. */
  readonly aside?: boolean;
}

/** The code of a broker that an organization publishes, not of one invite. */
const isForMembers = (code: string): boolean => code.startsWith("jcm1_");

/**
 * Takes a broker's one-use code, that of a terminal on this computer, or that of a broker that admits members. The code is
 * read as soon as it is pasted, so that the address can be shown before anything is sent, and so that the browser's question
 * can be asked right in the press.
 */
export function EnrolForm({ state, actions, aside }: EnrolProps) {
  const [code, setCode] = useState("");
  const [preview, setPreview] = useState<Preview | null>(null);
  const typed = async (text: string): Promise<void> => {
    setCode(text);
    setPreview(null);
    const trimmed = text.trim();
    if (trimmed !== "" && !isForMembers(trimmed)) setPreview((await actions.readEnrolCode(trimmed)) ?? null);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (preview && (await actions.enrol(code.trim(), preview.permission))) setCode("");
  };
  const forMembers = isForMembers(code.trim());
  const unreadable = code.trim() !== "" && !preview && !forMembers;
  return (
    <form class="enrol" onSubmit={(event) => void submit(event)}>
      <div class="inline-form">
        <input
          type="text"
          class="code"
          aria-label={t("enrol.code")}
          aria-describedby="enrol-note"
          placeholder={t("enrol.hint")}
          autocomplete="off"
          spellcheck={false}
          value={code}
          onInput={(event) => void typed(event.currentTarget.value)}
        />
        {!forMembers && (
          <button
            type="submit"
            class={aside ? "" : "primary"}
            disabled={!preview}
            aria-busy={state.busy.has("enrol")}
          >
            {t("enrol.connect")}
          </button>
        )}
      </div>
      {forMembers ? (
        <JoinOffer state={state} actions={actions} code={code.trim()} onJoined={() => setCode("")} />
      ) : (
        <p id="enrol-note" class="dim" role="status">
          {preview && (
            <>
              {rich("enrol.connects", <span class="account-id">{bare(preview.url)}</span>)}
              {preview.setup && ` ${t("enrol.pairsToo")}`}
              {preview.permission && ` ${t("enrol.permission")}`}
              {preview.replaces && <Replaces url={preview.replaces} state={state} />}
            </>
          )}
          {unreadable && t("enrol.unreadable")}
        </p>
      )}
    </form>
  );
}
