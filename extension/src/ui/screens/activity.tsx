import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { formatTag } from "../../language.ts";
import type { ActivityEntry } from "../../messaging/terms.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { ago } from "../duration.ts";
import { Alarm } from "../parts/alarm.tsx";
import { CopiedList } from "../parts/copied-list.tsx";
import { ScreenHeader } from "../parts/screen-header.tsx";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

/** Of these the word itself says that they were done. */
const SAYS_ALL: ReadonlySet<string> = new Set([
  "enrol",
  "grant",
  "deposit",
  "drop",
  "leave",
  "fork",
  "regress",
  "skip",
]);

/** `fetch` and its `fetched` are one thing to a reader: the end is shown with what was wanted. */
interface Line {
  readonly entry: ActivityEntry;
  readonly end: ActivityEntry | undefined;
}

export function linesOf(entries: readonly ActivityEntry[]): Line[] {
  const isEnd = ({ act }: ActivityEntry): boolean => act === "fetched" || act === "asked";
  const ends = new Map(
    entries.flatMap((entry) =>
      entry.intent === null || !isEnd(entry) ? [] : [[entry.intent, entry] as const],
    ),
  );
  const shown = new Set(entries.map(({ seq }) => seq));
  return entries
    .filter((entry) => entry.intent === null || !isEnd(entry) || !shown.has(entry.intent))
    .map((entry) => ({ entry, end: ends.get(entry.seq) }));
}

function accountName({ directories }: UiState, account: string | null): string | null {
  const all = Object.values(directories).flatMap(({ accounts }) => accounts);
  return all.find(({ id }) => id === account)?.name ?? account;
}

/** What was done; where a terminal did it, in a sentence about that terminal. */
function deed({ did, act }: ActivityEntry, known: string | undefined): ComponentChildren {
  if (act === "regress" && did === null) return t("activity.storage");
  return rich(`activity.${act}`, <b>{known ?? t("activity.removedTerminal")}</b>);
}

function Entry({ line: { entry, end }, state }: { line: Line; state: UiState }) {
  const { did, act, account, role, relayed, atMs } = entry;
  const known = state.view?.devices.find((one) => one.did === did)?.name;
  const { outcome: last } = end ?? entry;
  const outcome = last?.good && SAYS_ALL.has(act) ? null : last;
  const when = new Date(atMs);
  return (
    <li class="deed">
      <span class="deed-text">
        <span>{deed(entry, known)}</span>
        {role && <span class="dim">{t("common.roleIn", [role, accountName(state, account) ?? ""])}</span>}
        {!role && relayed && <span class="dim">{t("activity.unknownRole")}</span>}
        {outcome && <span class={outcome.good ? "dim" : "outcome"}>{outcome.text}</span>}
      </span>
      <time class="dim" dateTime={when.toISOString()} title={when.toLocaleString(formatTag())}>
        {ago(state.nowMs - atMs)}
      </time>
    </li>
  );
}

/** Beside what terminals did: what people copied here. Read when it is opened. */
function Copied(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details class="copied" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("guard.copiedTitle")}</summary>
      {open && <CopiedList {...props} />}
    </details>
  );
}

/** What the broker has written down, checked against what this extension has seen of it before. */
export function ActivityScreen({ state, actions, inner = false }: Props & { inner?: boolean }) {
  // On the settings page it is a part of what is there.
  const Frame = inner ? "section" : "main";
  const { activity } = state;
  return (
    <Frame class="activity">
      <ScreenHeader
        title={t("activity.title")}
        actions={actions}
        onBack={() => void actions.show("terminals")}
      />
      <div class="scroll">
        <Alarm state={state} actions={actions} />
        <Copied state={state} actions={actions} />
        {!activity && (
          <div class="skeleton" role="status" aria-label={t("common.reading")}>
            <span style={{ inlineSize: "80%" }} />
            <span style={{ inlineSize: "60%" }} />
          </div>
        )}
        {activity && activity.entries.length === 0 && <p class="empty">{t("activity.none")}</p>}
        {activity && (
          <ul class="deeds" aria-label={t("activity.list")}>
            {linesOf(activity.entries).map((line) => (
              <Entry key={line.entry.seq} line={line} state={state} />
            ))}
          </ul>
        )}
        {activity?.before != null && (
          <button
            type="button"
            class="quiet wide"
            aria-busy={state.busy.has("activity")}
            onClick={() => void actions.olderActivity()}
          >
            {t("common.older")}
          </button>
        )}
      </div>
    </Frame>
  );
}
