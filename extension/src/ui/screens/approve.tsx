import { useMemo, useState } from "preact/hooks";
import type { PairingView } from "../../messaging/view.ts";
import type { SearchEntry } from "../../roles/search.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { choiceKey, choosableRoles, LIFETIMES, MAX_ROLES, NOT_READ, toggleChoice } from "../choices.ts";
import { spelled } from "../duration.ts";
import { EnvironmentBar, EnvironmentWord } from "../parts/environment-mark.tsx";
import { Icon } from "../parts/icon.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { environmentIn } from "../places.ts";
import { currentDirectory, type UiState } from "../state.ts";
import { type Draft, newDraft } from "../terms.ts";
import { Review } from "./review.tsx";
import { RuleRow } from "./rule-row.tsx";

type Terminal = Extract<PairingView, { step: "choose" }>;
interface Props {
  readonly terminal: Terminal;
  readonly state: UiState;
  readonly actions: Actions;
}

/**
 * What the terminal says of itself, each word kept from turning the writing of the next; and the address the broker saw,
 * which is the one thing nobody there can invent. Somebody else's host is what to notice here.
 */
function TerminalCard({ terminal }: { terminal: Terminal }) {
  const { host, osUser, os, ssh, here, address } = terminal;
  const place = t(here ? "choose.thisComputer" : ssh ? "common.overSsh" : "common.local");
  const way = address ? t("choose.from", [place, address]) : place;
  return (
    <div class={ssh ? "card attention" : "card"}>
      <Icon name={ssh ? "remote" : "terminal"} />
      <div>
        <bdi>
          <b>{host}</b>
        </bdi>{" "}
        · <bdi>{osUser}</bdi> · {way}
        <span class="dim">
          <bdi>{os}</bdi>
        </span>
      </div>
    </div>
  );
}

/** Always there: two accounts may have one name, and this is where somebody is given keys to one of them. */
function AccountNumber({ entry }: { entry: SearchEntry }) {
  return entry.accountName ? <span class="account-id">{entry.account}</span> : null;
}

function RoleTick({
  entry,
  state,
  on,
  onToggle,
}: {
  entry: SearchEntry;
  state: UiState;
  on: boolean;
  onToggle: () => void;
}) {
  const environment = environmentIn(state.view, factsOf(entry));
  return (
    <label class={on ? "row tick on" : "row tick"}>
      <EnvironmentBar environment={environment} />
      <input type="checkbox" checked={on} onChange={onToggle} />
      <span class="account-name">{entry.accountName ?? entry.account}</span>
      <EnvironmentWord environment={environment} />
      <span class="role-name">{entry.role}</span>
      <AccountNumber entry={entry} />
    </label>
  );
}

/** The whole list takes a while at AWS's pace; one account can be asked for at once. */
const factsOf = ({ account, accountName, email }: SearchEntry) => ({ id: account, name: accountName, email });

function UnreadAccount({ entry, state, actions }: { entry: SearchEntry; state: UiState; actions: Actions }) {
  return (
    <div class="row unread">
      <EnvironmentBar environment={environmentIn(state.view, factsOf(entry))} />
      <span class="account-name">{entry.accountName ?? entry.account}</span>
      <AccountNumber entry={entry} />
      <button
        type="button"
        class="link dim"
        aria-label={t("choose.readRolesOf", [entry.accountName ?? entry.account])}
        aria-busy={state.busy.has(`roles:${entry.account}`)}
        onClick={() => void actions.expand(entry.account, true)}
      >
        {t("choose.readRoles")}
      </button>
    </div>
  );
}

interface DraftProps {
  readonly draft: Draft;
  /** Take these changes into the draft. */
  readonly change: (changes: Partial<Draft>) => void;
}

function Fields({
  draft,
  change,
  state,
  onPortal,
}: DraftProps & { state: UiState; onPortal: (portal: string) => void }) {
  const live = state.view?.portals.filter(({ status }) => status === "live") ?? [];
  return (
    <div class="fields">
      <label>
        {t("choose.name")}
        <input
          type="text"
          maxLength={64}
          value={draft.name}
          onInput={(event) => change({ name: event.currentTarget.value })}
        />
      </label>
      <label>
        {t("choose.for")}
        <select
          value={String(draft.lifetimeSeconds)}
          onChange={(event) => change({ lifetimeSeconds: Number(event.currentTarget.value) })}
        >
          {LIFETIMES.map(({ seconds, count, unit }) => (
            <option key={seconds} value={String(seconds)}>
              {spelled(count, unit)}
            </option>
          ))}
        </select>
      </label>
      {live.length > 1 && (
        <label>
          {t("choose.at")}
          <select value={state.portal ?? ""} onChange={(event) => onPortal(event.currentTarget.value)}>
            {live.map(({ origin, alias }) => (
              <option key={origin} value={origin}>
                {alias}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

function countText(chosen: number): string {
  if (chosen === 0) return t("choose.none");
  return t(chosen >= MAX_ROLES ? "choose.chosenMost" : "choose.chosen", [chosen]);
}

/** The real list, searched and ticked. */
function RoleChoice({
  state,
  actions,
  draft: { ticked },
  change,
}: DraftProps & { state: UiState; actions: Actions }) {
  const directory = currentDirectory(state);
  const [query, setQuery] = useState("");
  const entries = useMemo(() => choosableRoles(directory, query, ticked), [directory, query, ticked]);
  return (
    <>
      <div class="search small">
        <Icon name="search" />
        <input
          type="text"
          aria-label={t("choose.search")}
          placeholder={t("choose.which")}
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        />
        <span class="count" role="status">
          {countText(ticked.size)}
        </span>
      </div>
      <VirtualList
        frame={(rows, style) => (
          <fieldset aria-label={t("choose.list")} style={style}>
            {rows}
          </fieldset>
        )}
        items={entries}
        keyOf={choiceKey}
        cursor={-1}
        draw={(entry) =>
          entry.role === NOT_READ ? (
            <UnreadAccount entry={entry} state={state} actions={actions} />
          ) : (
            <RoleTick
              state={state}
              entry={entry}
              on={ticked.has(choiceKey(entry))}
              onToggle={() => change({ ticked: toggleChoice(ticked, choiceKey(entry)) })}
            />
          )
        }
      />
    </>
  );
}

/** A terminal's roles, in two looks: which ones, then exactly what that opens. Nothing is ticked beforehand. */
export function Approve({ terminal, state, actions }: Props) {
  const [draft, setDraft] = useState(() => newDraft(terminal));
  const [reviewing, setReviewing] = useState(false);
  const change = (changes: Partial<Draft>): void => setDraft((old) => ({ ...old, ...changes }));
  const onPortal = (chosen: string): void => {
    change({ ticked: new Set(), rules: [] });
    void actions.choosePortalForPairing(chosen);
  };
  const count = draft.ticked.size + draft.rules.length;
  if (reviewing) {
    return <Review {...{ terminal, draft, change, state, actions }} onBack={() => setReviewing(false)} />;
  }
  return (
    <form
      class="approve"
      onSubmit={(event) => {
        event.preventDefault();
        setReviewing(true);
      }}
    >
      <TerminalCard terminal={terminal} />
      <Fields {...{ draft, change, state, onPortal }} />
      <RoleChoice {...{ state, actions, draft, change }} />
      <RuleRow {...{ state, draft, change }} />
      <div class="approve-foot">
        <button
          type="submit"
          class="primary wide"
          disabled={count === 0 || draft.name.trim() === "" || state.portal === null}
        >
          {t(count === 0 ? "choose.atLeastOne" : "choose.review")}
        </button>
      </div>
    </form>
  );
}
