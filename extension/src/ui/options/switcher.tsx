import type { SwitcherChoices } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { OptionalPermission } from "../actions/context.ts";
import { Section, type SectionProps, Setting } from "./section.tsx";

interface ChoiceProps extends SectionProps {
  readonly name: keyof SwitcherChoices;
  readonly label: string;
  readonly note: string;
  /** What the browser asks its user for first. */
  readonly permission?: OptionalPermission;
}

function Choice({ name, label, note, permission, state, actions }: ChoiceProps) {
  return (
    <Setting label={label} note={note}>
      <input
        type="checkbox"
        checked={state.view?.switcher.choices[name] ?? false}
        onChange={(event) => void actions.setChoice(name, event.currentTarget.checked, permission)}
      />
    </Setting>
  );
}

/** [SW12] What the list remembers, and where consoles open. Containers are Firefox's. */
export function SwitcherSection(props: SectionProps) {
  const { actions } = props;
  return (
    <Section id="switcher" title={t("switcher.title")}>
      <Choice name="recents" label={t("switcher.recents")} note={t("switcher.recentsNote")} {...props} />
      <button type="button" onClick={() => void actions.clearRecents()}>
        {t("switcher.clearRecents")}
      </button>
      <Choice
        name="groups"
        label={t("switcher.groups")}
        note={t("switcher.groupsNote")}
        permission="tabGroups"
        {...props}
      />
      {actions.hasContainers && (
        <Choice
          name="containers"
          label={t("switcher.containers")}
          note={t("switcher.containersNote")}
          {...props}
        />
      )}
    </Section>
  );
}
