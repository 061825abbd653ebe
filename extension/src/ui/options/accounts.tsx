import { useState } from "preact/hooks";
import type { AccountRule, DirectoryView } from "../../messaging/view.ts";
import { type Environment, isPattern, placeOf } from "../../roles/environment.ts";
import { t } from "../../words.ts";
import { Icon } from "../parts/icon.tsx";
import { currentDirectory } from "../state.ts";
import { Section, type SectionProps } from "./section.tsx";

const ON = {
  name: "options.ruleName",
  id: "options.ruleId",
  email: "options.ruleEmail",
} as const satisfies Record<AccountRule["on"], string>;
const ENVIRONMENTS = {
  prod: "environment.prod",
  staging: "environment.staging",
  dev: "environment.dev",
} as const satisfies Record<Environment, string>;
const EMPTY: AccountRule = { on: "name", match: "", environment: "prod", tags: [] };
const MAX_TAGS = 8;
const MAX_TAG_CHARS = 24;

const tagsOf = (text: string): string[] =>
  [...new Set(text.split(",").map((tag) => tag.trim().slice(0, MAX_TAG_CHARS)))]
    .filter(Boolean)
    .slice(0, MAX_TAGS);

/** How many of the accounts that are known a rule fits. */
function fits(rule: AccountRule, accounts: DirectoryView["accounts"]): number {
  const probe = [{ ...rule, environment: null, tags: ["fits"] }];
  return accounts.filter((account) => placeOf(account, probe).tags.length > 0).length;
}

function meaning({ environment, tags }: AccountRule): string {
  const is = environment ? [t(ENVIRONMENTS[environment])] : [];
  return [...is, ...tags.map((tag) => `#${tag}`)].join(" ");
}

/** The rules as they hold: the organization's first, then the user's own, which can be moved and taken out. */
function RuleLines({ state, actions }: SectionProps) {
  const { managed, own } = state.view?.switcher.rules ?? { managed: [], own: [] };
  const accounts = currentDirectory(state)?.accounts ?? [];
  const move = (at: number, by: number): void => {
    const next = [...own];
    next.splice(at + by, 0, ...next.splice(at, 1));
    void actions.setRules(next);
  };
  const text = (rule: AccountRule) => (
    <span>
      {t(ON[rule.on])} <span class="code">{rule.match}</span> → {meaning(rule)}{" "}
      <small>{t("options.ruleFits", fits(rule, accounts))}</small>
    </span>
  );
  const key = (rule: AccountRule): string => JSON.stringify(rule);
  return (
    <ol class="lines">
      {managed.map((rule) => (
        <li class="line" key={key(rule)}>
          {text(rule)}
          <small class="managed">{t("options.managed")}</small>
        </li>
      ))}
      {own.map((rule, at) => (
        <li class="line" key={key(rule)}>
          {text(rule)}
          <span class="buttons">
            <button
              type="button"
              class="quiet"
              disabled={at === 0}
              aria-label={t("options.ruleUp", [rule.match])}
              onClick={() => move(at, -1)}
            >
              ↑
            </button>
            <button
              type="button"
              class="quiet"
              disabled={at === own.length - 1}
              aria-label={t("options.ruleDown", [rule.match])}
              onClick={() => move(at, 1)}
            >
              ↓
            </button>
            <button
              type="button"
              class="quiet icon-only"
              aria-label={t("options.ruleRemove", [rule.match])}
              onClick={() => void actions.setRules(own.filter((_, other) => other !== at))}
            >
              <Icon name="close" />
            </button>
          </span>
        </li>
      ))}
    </ol>
  );
}

function NewRule({ state, actions }: SectionProps) {
  const [rule, setRule] = useState<AccountRule>(EMPTY);
  const [tags, setTags] = useState("");
  const accounts = currentDirectory(state)?.accounts ?? [];
  const whole = { ...rule, match: rule.match.trim(), tags: tagsOf(tags) };
  const good = isPattern(whole.match) && (whole.environment !== null || whole.tags.length > 0);
  const add = (event: Event): void => {
    event.preventDefault();
    if (!good) return;
    void actions.setRules([...(state.view?.switcher.rules.own ?? []), whole]);
    setRule(EMPTY);
    setTags("");
  };
  return (
    <form class="inline-form" onSubmit={add}>
      <select
        aria-label={t("options.ruleOn")}
        value={rule.on}
        onChange={({ currentTarget: { value } }) => setRule({ ...rule, on: value as AccountRule["on"] })}
      >
        {(Object.keys(ON) as AccountRule["on"][]).map((on) => (
          <option key={on} value={on}>
            {t(ON[on])}
          </option>
        ))}
      </select>
      <input
        type="text"
        aria-label={t("options.rulePattern")}
        placeholder={t("options.rulePatternHint")}
        spellcheck={false}
        maxLength={200}
        value={rule.match}
        onInput={({ currentTarget: { value } }) => setRule({ ...rule, match: value })}
      />
      <select
        aria-label={t("options.ruleMakes")}
        value={rule.environment ?? ""}
        onChange={({ currentTarget: { value } }) =>
          setRule({ ...rule, environment: value === "" ? null : (value as Environment) })
        }
      >
        {(Object.keys(ENVIRONMENTS) as Environment[]).map((environment) => (
          <option key={environment} value={environment}>
            {t(ENVIRONMENTS[environment])}
          </option>
        ))}
        <option value="">{t("options.ruleTagsOnly")}</option>
      </select>
      <input
        type="text"
        aria-label={t("options.ruleTags")}
        placeholder={t("options.ruleTagsHint")}
        spellcheck={false}
        value={tags}
        onInput={({ currentTarget: { value } }) => setTags(value)}
      />
      <button type="submit" disabled={!good}>
        {t("common.add")}
      </button>
      {isPattern(whole.match) && (
        <small aria-live="polite">{t("options.ruleFits", fits(whole, accounts))}</small>
      )}
    </form>
  );
}

/** What the user calls accounts of the portal that is chosen. */
function Labels({ state, actions }: SectionProps) {
  const [account, setAccount] = useState("");
  const [label, nameAccount] = useState("");
  const { portal } = state;
  if (portal === null) return null;
  const accounts = currentDirectory(state)?.accounts ?? [];
  const labels = Object.entries(state.view?.switcher.labels[portal] ?? {});
  const nameOf = (id: string): string => accounts.find((one) => one.id === id)?.name ?? id;
  const good = /^\d{12}$/.test(account) && label.trim() !== "";
  return (
    <>
      <ul class="lines">
        {labels.map(([id, text]) => (
          <li class="line" key={id}>
            <span>
              <b>{text}</b> <span class="dim">{nameOf(id)}</span> <small class="account-id">{id}</small>
            </span>
            <button
              type="button"
              aria-label={t("options.labelRemove", [text])}
              onClick={() => void actions.nameAccount(portal, id, "")}
            >
              {t("common.remove")}
            </button>
          </li>
        ))}
      </ul>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!good) return;
          void actions.nameAccount(portal, account, label.trim());
          setAccount("");
          nameAccount("");
        }}
      >
        <input
          type="text"
          aria-label={t("options.labelAccount")}
          placeholder={t("options.labelAccount")}
          list="known-accounts"
          inputMode="numeric"
          value={account}
          onInput={({ currentTarget: { value } }) => setAccount(value.trim())}
        />
        <datalist id="known-accounts">
          {accounts.map(({ id, name }) => (
            <option key={id} value={id}>
              {name ?? id}
            </option>
          ))}
        </datalist>
        <input
          type="text"
          aria-label={t("options.label")}
          placeholder={t("options.label")}
          maxLength={60}
          value={label}
          onInput={({ currentTarget: { value } }) => nameAccount(value)}
        />
        <button type="submit" disabled={!good}>
          {t("common.add")}
        </button>
      </form>
    </>
  );
}

export function Accounts(props: SectionProps) {
  return (
    <Section id="accounts" title={t("options.accounts")}>
      <h3>{t("options.rules")}</h3>
      <p class="dim">{t("options.rulesNote")}</p>
      <RuleLines {...props} />
      <NewRule {...props} />
      <h3>{t("options.labels")}</h3>
      <p class="dim">{t("options.labelsNote")}</p>
      <Labels {...props} />
    </Section>
  );
}
