import { useState } from "preact/hooks";
import { type Camel, camel } from "../../camel.ts";
import { MAX_FAVORITES } from "../../roles/lists.ts";
import { OWN_FORMAT, writeOwn } from "../../transfer/own.ts";
import type { ImportKind, ImportPlan, SkipReason } from "../../transfer/plan.ts";
import { type ImportFault, readImport } from "../../transfer/read.ts";
import { bySkipReason, MANY_FAVORITES, resolve, type Wanted } from "../../transfer/resolve.ts";
import { t } from "../../words.ts";
import { Section, type SectionProps, Setting } from "./section.tsx";

/** `not-a-line` → `NotALine`, as the names of the texts go on. */
const capital = <S extends string>(code: S) => {
  const name = camel(code);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}` as Capitalize<Camel<S>>;
};
const kindName = (kind: ImportKind): string => t(`options.kind${capital(kind)}`);
const faultText = (fault: ImportFault): string => t(`options.import${capital(fault)}`);
const skipText = (why: SkipReason): string => t(`options.skip${capital(why)}`);

/** A file of text to the user's downloads. The link is ours, and lives for one press. */
function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A file can have a million lines, and nobody reads more than these. */
const MOST_LEFT_OUT = 500;

function LeftOut({ plan }: { plan: ImportPlan }) {
  if (plan.skipped.length === 0) return null;
  return (
    <details>
      <summary>{t("options.leftOut", plan.skipped.length)}</summary>
      {[...bySkipReason(plan.skipped)].map(([why, all]) => (
        <section key={why}>
          <h4>{skipText(why)}</h4>
          <ul class="left-out">
            {all.slice(0, MOST_LEFT_OUT).map(({ line, text }) => (
              <li key={`${line} ${text}`} class="code">
                {line === null ? text : t("options.line", [line, text])}
              </li>
            ))}
            {all.length > MOST_LEFT_OUT && <li>…</li>}
          </ul>
        </section>
      ))}
    </details>
  );
}

const PARTS = {
  settings: "options.takeSettings",
  labels: "options.takeLabels",
  favorites: "options.takeFavorites",
  rules: "options.takeRules",
} as const;
type Part = keyof typeof PARTS;

const countOf = (plan: ImportPlan, part: Part): number =>
  part === "settings" ? Object.keys({ ...plan.prefs, ...plan.guard }).length : plan[part].length;

interface PreviewProps extends SectionProps {
  readonly plan: ImportPlan;
  readonly close: () => void;
}

/** What the file would change, with a choice of each part; nothing is changed before the press. */
function Preview({ plan, close, state, actions }: PreviewProps) {
  const portals = (state.view?.portals ?? []).map(({ origin }) => origin);
  const [wanted, setWanted] = useState<Wanted>({
    settings: true,
    labels: true,
    favorites: plan.favorites.length <= MANY_FAVORITES,
    rules: true,
    portal: state.portal,
  });
  const { parts, strange } = resolve(plan, wanted, portals);
  const homeless = [...plan.labels, ...plan.favorites].some(({ portal }) => portal === null);
  const nothing = Object.values(parts).every((part) => Object.keys(part).length === 0);
  return (
    <section class="card import-preview" aria-label={t("options.import")}>
      <p>{t("options.importedFrom", [kindName(plan.kind)])}</p>
      {(Object.keys(PARTS) as Part[])
        .filter((part) => countOf(plan, part) > 0)
        .map((part) => (
          <label key={part} class="tick-line">
            <input
              type="checkbox"
              checked={wanted[part]}
              onChange={({ currentTarget: { checked } }) => setWanted({ ...wanted, [part]: checked })}
            />
            {t(PARTS[part], countOf(plan, part))}
          </label>
        ))}
      {homeless && portals.length > 1 && (
        <Setting label={t("options.importPortal")}>
          <select
            value={wanted.portal ?? ""}
            onChange={({ currentTarget: { value } }) => setWanted({ ...wanted, portal: value })}
          >
            {state.view?.portals.map(({ origin, alias }) => (
              <option key={origin} value={origin}>
                {alias}
              </option>
            ))}
          </select>
        </Setting>
      )}
      {parts.favorites.length + (state.view?.favorites.length ?? 0) > MAX_FAVORITES && (
        <p class="dim">{t("options.mostFavorites", [MAX_FAVORITES])}</p>
      )}
      {strange > 0 && <p class="dim">{t("options.strange", strange)}</p>}
      <LeftOut plan={plan} />
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={nothing}
          aria-busy={state.busy.has("transfer")}
          onClick={() => void actions.takeOver(parts).then((done) => done && close())}
        >
          {t("options.take")}
        </button>
        <button type="button" onClick={close}>
          {t("options.cancel")}
        </button>
      </div>
    </section>
  );
}

export function Transfer(props: SectionProps) {
  const { state, actions } = props;
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const { view } = state;
  const read = (text: string): void => {
    const found = readImport(text);
    setPlan(found.ok ? found.value : null);
    actions.dispatch({
      type: "notice",
      notice: found.ok ? null : { tone: "bad", text: faultText(found.error), next: t("options.importNext") },
    });
  };
  return (
    <Section id="transfer" title={t("options.transfer")}>
      <p>{t("options.exportText")}</p>
      <button
        type="button"
        disabled={!view}
        onClick={() => view && save(`${OWN_FORMAT}.json`, writeOwn(view))}
      >
        {t("options.export")}
      </button>
      <Setting label={t("options.import")} note={t("options.importText")}>
        <input
          type="file"
          onChange={async ({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) read(await file.text());
            currentTarget.value = "";
          }}
        />
      </Setting>
      {plan !== null && <Preview plan={plan} close={() => setPlan(null)} {...props} />}
    </Section>
  );
}
