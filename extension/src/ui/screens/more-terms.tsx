import { t } from "../../words.ts";
import { spelled } from "../duration.ts";
import { CREDENTIAL_LIVES, type Draft, MOST_CREDENTIAL_HOURS, PACES } from "../terms.ts";

interface Props {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
  /** A broker on this computer sees no network but the computer itself. */
  readonly local: boolean;
}

const NETWORKS = [
  { key: "countries", label: "review.countries", hint: "DE AT" },
  { key: "systems", label: "review.systems", hint: "AS3320" },
  { key: "prefixes", label: "review.prefixes", hint: "192.0.2.0/24" },
] as const;

/** What few people need to change. */
export function MoreTerms({ draft, change, local }: Props) {
  return (
    <details
      class="more-terms"
      onToggle={({ currentTarget: shown }) => shown.open && shown.scrollIntoView({ block: "end" })}
    >
      <summary>{t("review.more")}</summary>
      {draft.ask.size > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={draft.unattended}
            onChange={(event) => change({ unattended: event.currentTarget.checked })}
          />
          {t("review.unattended")}
        </label>
      )}
      <label>
        {t("review.maxLife")}
        <select
          value={String(draft.maxCredentialSeconds)}
          onChange={(event) => change({ maxCredentialSeconds: Number(event.currentTarget.value) })}
        >
          {CREDENTIAL_LIVES.map(({ seconds, count }) => (
            <option key={seconds} value={String(seconds)}>
              {count === MOST_CREDENTIAL_HOURS ? t("review.anyLife") : spelled(count, "hour")}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("review.pace")}
        <select
          value={String(draft.maxPerMinute)}
          onChange={(event) => change({ maxPerMinute: Number(event.currentTarget.value) })}
        >
          {PACES.map((pace) => (
            <option key={pace} value={String(pace)}>
              {pace}
            </option>
          ))}
        </select>
      </label>
      {!local && (
        <fieldset>
          <legend>{t("review.networks")}</legend>
          {NETWORKS.map(({ key, label, hint }) => (
            <label key={key}>
              {t(label)}
              <input
                type="text"
                placeholder={hint}
                spellcheck={false}
                value={draft[key]}
                onInput={(event) => change({ [key]: event.currentTarget.value })}
              />
            </label>
          ))}
        </fieldset>
      )}
    </details>
  );
}
