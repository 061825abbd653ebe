import { useState } from "preact/hooks";
import { t } from "../../words.ts";
import { Icon } from "../parts/icon.tsx";
import { rich } from "../rich.ts";
import { currentDirectory, type UiState } from "../state.ts";
import { type Draft, isRoleGlob, MAX_NAMES, type Rule } from "../terms.ts";

interface Props {
  readonly state: UiState;
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
}

const ANY = "*";

/** Beside the ticks: an account, or all of them, and a pattern for the names of roles, also of those to come. */
export function RuleRow({ state, draft, change }: Props) {
  const [account, setAccount] = useState(ANY);
  const [role, setRole] = useState("");
  const accounts = currentDirectory(state)?.accounts ?? [];
  const nameOf = (rule: Rule): string =>
    rule.account === ANY
      ? t("common.everyAccount")
      : (accounts.find(({ id }) => id === rule.account)?.name ?? rule.account);
  const good = isRoleGlob(role) && draft.rules.length < MAX_NAMES;
  const add = (): void => {
    if (!good) return;
    change({ rules: [...draft.rules, { account, role }] });
    setRole("");
  };
  return (
    <details class="rules">
      <summary>
        {draft.rules.length === 0 ? t("choose.orRule") : t("choose.byRule", [draft.rules.length])}
      </summary>
      <ul>
        {draft.rules.map((rule) => (
          <li key={`${rule.account}/${rule.role}`}>
            {rich("common.roleIn", <span class="code">{rule.role}</span>, nameOf(rule))}
            <button
              type="button"
              class="quiet icon-only"
              aria-label={t("choose.takeOut", [t("common.roleIn", [rule.role, nameOf(rule)])])}
              onClick={() => change({ rules: draft.rules.filter((one) => one !== rule) })}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <div class="inline-form">
        <input
          type="text"
          aria-label={t("choose.pattern")}
          placeholder={t("choose.patternHint")}
          spellcheck={false}
          maxLength={64}
          value={role}
          onInput={(event) => setRole(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <select
          aria-label={t("choose.ruleAccount")}
          value={account}
          onChange={(event) => setAccount(event.currentTarget.value)}
        >
          <option value={ANY}>{t("common.everyAccount")}</option>
          {accounts.map(({ id, name }) => (
            <option key={id} value={id}>
              {name ?? id}
            </option>
          ))}
        </select>
        <button type="button" disabled={!good} onClick={add}>
          {t("common.add")}
        </button>
      </div>
    </details>
  );
}
