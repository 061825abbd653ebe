import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { ScreenHeader } from "../parts/screen-header.tsx";

/** As they are printed on keyboards where the language is spoken. */
const keys = (mac: boolean): readonly (readonly [keys: string, does: string])[] => {
  const control = mac ? "⌘" : t("help.key.control");
  const shift = t("help.key.shift");
  const ends = [t("help.key.pageUp"), t("help.key.pageDown"), t("help.key.home"), t("help.key.end")];
  return [
    [`↑ ↓ ${ends.join(" ")}`, t("help.move")],
    [t("help.key.enter"), t("help.console")],
    [`${control} C`, t("help.copy")],
    [`${control} ${shift} C`, t("help.copyAs")],
    [`${control} D`, t("help.favorite")],
    [`Alt ${shift} ↑ ↓`, t("help.order")],
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
