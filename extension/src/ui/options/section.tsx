import type { ComponentChildren } from "preact";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import type { UiState } from "../state.ts";

/** What every section of the settings works with. */
export interface SectionProps {
  readonly state: UiState;
  readonly actions: Actions;
}

/** One part of the settings, under a heading that the list at the top leads to. */
export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} tabIndex={-1}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/** A setting with what it means; `managed` when the organization has made the choice. */
export function Setting({
  label,
  note,
  managed = false,
  children,
}: {
  label: string;
  note?: string;
  managed?: boolean;
  children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control comes as a child, one <select> or <input>
    <label class="line">
      <span>
        {label}
        {note && <small>{note}</small>}
        {managed && <small class="managed">{t("options.managed")}</small>}
      </span>
      {children}
    </label>
  );
}
