import { CREDENTIAL_LIVES, type Draft, PACES } from "../terms.ts";

interface Props {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
  /** A broker on this computer sees no network but the computer itself. */
  readonly local: boolean;
}

const NETWORKS = [
  { key: "countries", label: "Countries", hint: "DE AT" },
  { key: "systems", label: "Networks (AS numbers)", hint: "AS3320" },
  { key: "prefixes", label: "Addresses", hint: "192.0.2.0/24" },
] as const;

/** What few people need to change. */
export function MoreTerms({ draft, change, local }: Props) {
  return (
    <details class="more-terms">
      <summary>More</summary>
      {draft.ask.size > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={draft.unattended}
            onChange={(event) => change({ unattended: event.currentTarget.checked })}
          />
          Programs without a person may ask too
        </label>
      )}
      <label>
        Take credentials that live up to
        <select
          value={String(draft.maxCredentialSeconds)}
          onChange={(event) => change({ maxCredentialSeconds: Number(event.currentTarget.value) })}
        >
          {CREDENTIAL_LIVES.map(({ seconds, text }) => (
            <option key={seconds} value={String(seconds)}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        Requests a minute
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
          <legend>Only from these networks</legend>
          {NETWORKS.map(({ key, label, hint }) => (
            <label key={key}>
              {label}
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
