import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { ScreenHeader } from "../parts/screen-header.tsx";

const keys = (mac: boolean): readonly (readonly [keys: string, does: string])[] => {
  const control = mac ? "⌘" : "Ctrl";
  return [
    ["↑ ↓ PgUp PgDn Home End", t("help.move")],
    ["Enter", t("help.console")],
    [`${control} C`, t("help.copy")],
    [`${control} Shift C`, t("help.copyAs")],
    [`${control} D`, t("help.favorite")],
    ["Alt Shift ↑ ↓", t("help.order")],
    [`${control} K`, t("help.service")],
    [`${control} L`, t("help.link")],
    ["F2", t("help.label")],
    ["→ ←", t("help.account")],
    ["Alt 1–9", t("help.portal")],
    ["?", t("help.page")],
    ["Esc", t("help.escape")],
  ];
};

export function KeyTable({ mac }: { mac: boolean }) {
  return (
    <dl class="keys">
      {keys(mac).map(([key, does]) => (
        <div key={key}>
          <dt>
            {key.split(" ").map((one) => (
              <kbd key={one}>{one}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}

export function HelpScreen({ actions, mac }: { actions: Actions; mac: boolean }) {
  return (
    <main class="help">
      <ScreenHeader title={t("help.title")} actions={actions} />
      <KeyTable mac={mac} />
    </main>
  );
}
