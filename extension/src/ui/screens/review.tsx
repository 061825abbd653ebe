import { useEffect, useState } from "preact/hooks";
import type { PairingPreview, PairingTerms } from "../../messaging/terms.ts";
import type { PairingView } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { choiceKey } from "../choices.ts";
import { EnvironmentBar, EnvironmentWord } from "../parts/environment-mark.tsx";
import { Icon } from "../parts/icon.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { environmentIn } from "../places.ts";
import { rich } from "../rich.ts";
import { currentDirectory, type UiState } from "../state.ts";
import { type Draft, readNetworks, termsOf, toggleName } from "../terms.ts";
import { MoreTerms } from "./more-terms.tsx";

interface Props {
  readonly terminal: Extract<PairingView, { step: "choose" }>;
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
  readonly state: UiState;
  readonly actions: Actions;
  readonly onBack: () => void;
}
type Opened = PairingPreview["opens"][number];
/** What these terms open, or why they cannot be signed. */
type Answer = { readonly of: string } & ({ readonly opens: PairingPreview } | { readonly fault: string });

/** Asked anew for each change of the terms; an answer to other terms than those on the screen does not count. */
function usePreview(terms: PairingTerms | undefined, actions: Actions): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>();
  const of = JSON.stringify(terms);
  // The text of the terms stands for them.
  useEffect(() => {
    if (!terms) return;
    void actions.pairPreview(terms).then((reply) => {
      setAnswer(
        reply.ok
          ? { of, opens: reply.value }
          : { of, fault: t("common.colon", [reply.problem.text, reply.problem.next]) },
      );
    });
  }, [of]);
  return answer?.of === of ? answer : undefined;
}

const MODES = [
  { mode: "sealed", text: "review.sealed" },
  { mode: "relay", text: "review.relay" },
] as const;

function ModeChoice({ draft, change }: Pick<Props, "draft" | "change">) {
  return (
    <fieldset class="modes" aria-label={t("review.how")}>
      {MODES.map(({ mode, text }) => (
        <label key={mode}>
          <input type="radio" name="mode" checked={draft.mode === mode} onChange={() => change({ mode })} />
          {t(text)}
        </label>
      ))}
    </fieldset>
  );
}

function Toggle({ on, label, onToggle }: { on: boolean; label: string; onToggle: () => void }) {
  return (
    <button
      type="button"
      class="toggle"
      aria-pressed={on}
      aria-label={label}
      title={label}
      onClick={onToggle}
    >
      <span>
        <Icon name="check" />
      </span>
    </button>
  );
}

/** What the two columns of boxes are about. Each box says it in full itself, with the role. */
function ColumnHeads({ mode }: Pick<Draft, "mode">) {
  return (
    <div class="column-heads" aria-hidden="true">
      <span>{t("review.asks")}</span>
      {mode === "sealed" && <span>{t("review.browser")}</span>}
    </div>
  );
}

/** One role that will be open, and how. A role's name stands for it in every account: so it is signed. */
function OpenedRole({
  opened,
  name,
  state,
  draft,
  change,
}: { opened: Opened; name: string | null } & Pick<Props, "state" | "draft" | "change">) {
  const { account, role, mode, asks } = opened;
  const environment = environmentIn(state.view, { id: account, name });
  const where = t("common.roleIn", [role, name ?? account]);
  return (
    <div class="row opened">
      <EnvironmentBar environment={environment} />
      <span class="account-name" title={account}>
        {name ?? account}
      </span>
      <EnvironmentWord environment={environment} />
      <span class="role-name">{role}</span>
      <span class="buttons">
        <Toggle
          on={asks}
          label={asks ? t("review.asksEachTime", [where]) : t("review.askMeFor", [role])}
          onToggle={() => change({ ask: toggleName(draft.ask, role) })}
        />
        {draft.mode === "sealed" && (
          <Toggle
            on={mode === "relay"}
            label={mode === "relay" ? t("review.browserOnly", [where]) : t("review.browserOnlyFor", [role])}
            onToggle={() => change({ sensitive: toggleName(draft.sensitive, role) })}
          />
        )}
      </span>
    </div>
  );
}

/** Names of accounts; two that are called the same are told apart by their numbers. */
function namesOf(state: UiState): ReadonlyMap<string, string | null> {
  const accounts = currentDirectory(state)?.accounts ?? [];
  const alike = Map.groupBy(accounts, ({ name }) => name);
  return new Map(
    accounts.map(({ id, name }) => [id, name && alike.get(name)!.length > 1 ? `${name} ${id}` : name]),
  );
}

function summary({ opens, known, complete }: PairingPreview): string {
  if (opens.length === 0) return t("review.opensNone");
  const asking = opens.filter(({ asks }) => asks).length;
  const relayed = opens.filter(({ mode }) => mode === "relay").length;
  const of = t(complete ? "review.ofAll" : "review.ofRead", known);
  const how = [
    asking > 0 && t("review.asking", asking),
    relayed > 0 && t("review.relayed", [relayed]),
  ].filter((part) => part !== false);
  if (how.length === 0) return t("review.opens", [opens.length, of]);
  return t("review.opensHow", [opens.length, of, how.join(t("common.comma"))]);
}

/** [PO4] Exactly what will be open, from the terms that will be signed. Without anything in it there is nothing to give. */
export function Review(props: Props) {
  const { terminal, draft, change, state, actions, onBack } = props;
  const terms = state.portal === null ? undefined : termsOf(draft, state.portal);
  const answer = usePreview(terms, actions);
  const names = namesOf(state);
  const opens = answer && "opens" in answer ? answer.opens : undefined;
  const count = opens?.opens.length ?? 0;
  const fault = answer && "fault" in answer ? answer.fault : undefined;
  const unread = readNetworks(draft) ? fault : t("review.networksUnread");
  return (
    <form
      class="approve review"
      onSubmit={(event) => {
        event.preventDefault();
        if (terms && count > 0) void actions.pairApprove(terms);
      }}
    >
      <div class="review-head">
        <button type="button" class="quiet" onClick={onBack}>
          <Icon name="back" /> {t("review.roles")}
        </button>
        <span class="dim">
          {rich("common.userOnHost", <bdi>{terminal.osUser}</bdi>, <bdi>{terminal.host}</bdi>)}
        </span>
      </div>
      <ModeChoice draft={draft} change={change} />
      <ColumnHeads mode={draft.mode} />
      <VirtualList
        frame={(rows, style) => (
          <fieldset aria-label={t("review.list")} style={style}>
            {rows}
          </fieldset>
        )}
        items={opens?.opens ?? []}
        keyOf={choiceKey}
        cursor={-1}
        draw={(opened) => (
          <OpenedRole
            opened={opened}
            state={state}
            name={names.get(opened.account) ?? null}
            draft={draft}
            change={change}
          />
        )}
      />
      <MoreTerms draft={draft} change={change} local={terminal.local} />
      <div class="approve-foot">
        <p class="dim" role="status">
          {unread ?? (opens ? summary(opens) : "")}
        </p>
        <button
          type="submit"
          class="primary wide"
          disabled={count === 0}
          aria-busy={state.busy.has("pair-approve")}
        >
          {count === 0 ? t("review.nothing") : t("review.give", count, [count, draft.name.trim()])}
        </button>
      </div>
    </form>
  );
}
