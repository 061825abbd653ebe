import type { Theme } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import { FORMATS } from "../format-names.ts";
import { formatTitle } from "../format-title.ts";
import { Section, type SectionProps, Setting } from "./section.tsx";

const THEMES = {
  system: "options.themeSystem",
  light: "options.themeLight",
  dark: "options.themeDark",
} as const satisfies Record<Theme, string>;

export function General({ state, actions }: SectionProps) {
  const prefs = state.view?.prefs;
  return (
    <Section id="general" title={t("options.general")}>
      <fieldset class="choice">
        <legend>{t("options.theme")}</legend>
        {(Object.keys(THEMES) as Theme[]).map((theme) => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={prefs?.theme === theme}
              onChange={() => void actions.setPrefs({ theme })}
            />
            {t(THEMES[theme])}
          </label>
        ))}
      </fieldset>
      <Setting label={t("options.format")} note={t("options.formatNote")}>
        <select
          value={prefs?.format ?? "sh"}
          onChange={(event) => {
            const format = FORMATS.find((name) => name === event.currentTarget.value);
            if (format) void actions.setPrefs({ format });
          }}
        >
          {FORMATS.map((format) => (
            <option key={format} value={format}>
              {formatTitle(format)}
            </option>
          ))}
        </select>
      </Setting>
    </Section>
  );
}
