import type { ActivityEntry } from "../../messaging/terms.ts";
import type { Actions } from "../actions.ts";
import { ago } from "../duration.ts";
import { Alarm } from "../parts/alarm.tsx";
import type { UiState } from "../state.ts";
import { ScreenHeader } from "./terminals.tsx";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

const DEEDS: Readonly<Record<ActivityEntry["act"], string>> = {
  enrol: "This extension was connected",
  grant: "was paired",
  deposit: "was handed your session",
  drop: "Your session was taken back from all terminals",
  leave: "signed itself off",
  revoke: "The list of removed and locked terminals changed",
  fetch: "asked for credentials",
  fetched: "credentials",
  ask: "asked for your approval",
  asked: "approval",
  fork: "was locked: its keys are in use in two places",
  regress: "saw that the broker's storage was set back",
  skip: "The record goes on, as you said, behind what was lost",
};

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

function Entry({ line: { entry, end }, state }: { line: Line; state: UiState }) {
  const { did, act, account, role, relayed, atMs } = entry;
  const known = state.view?.devices.find((one) => one.did === did)?.name;
  const { outcome: last } = end ?? entry;
  const outcome = last?.good && SAYS_ALL.has(act) ? null : last;
  const when = new Date(atMs);
  return (
    <li class="deed">
      <span class="deed-text">
        <span>
          {did !== null && <b>{known ?? "a removed terminal"}</b>}{" "}
          {act === "regress" && did === null ? "The broker's storage is not what you signed" : DEEDS[act]}
        </span>
        {role && (
          <span class="dim">
            {role} in {accountName(state, account)}
          </span>
        )}
        {!role && relayed && <span class="dim">which role, only this browser knows</span>}
        {outcome && <span class={outcome.good ? "dim" : "outcome"}>{outcome.text}</span>}
      </span>
      <time class="dim" dateTime={when.toISOString()} title={when.toLocaleString()}>
        {ago(state.nowMs - atMs)}
      </time>
    </li>
  );
}

/** What the broker has written down, checked against what this extension has seen of it before. */
export function ActivityScreen({ state, actions }: Props) {
  const { activity } = state;
  return (
    <main class="activity">
      <ScreenHeader title="Activity" actions={actions} onBack={() => void actions.show("terminals")} />
      <div class="scroll">
        <Alarm state={state} actions={actions} />
        {!activity && (
          <div class="skeleton" role="status" aria-label="Reading">
            <span style={{ inlineSize: "80%" }} />
            <span style={{ inlineSize: "60%" }} />
          </div>
        )}
        {activity && activity.entries.length === 0 && <p class="empty">Nothing has happened yet.</p>}
        {activity && (
          <ul class="deeds" aria-label="What happened, newest first">
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
            Older
          </button>
        )}
      </div>
    </main>
  );
}
