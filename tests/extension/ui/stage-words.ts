import de from "../../../extension/src/locales/de.json" with { type: "json" };
import en from "../../../extension/src/locales/en.json" with { type: "json" };
import es from "../../../extension/src/locales/es.json" with { type: "json" };
import fr from "../../../extension/src/locales/fr.json" with { type: "json" };
import ja from "../../../extension/src/locales/ja.json" with { type: "json" };
import ptBR from "../../../extension/src/locales/pt_BR.json" with { type: "json" };
import { fill, flatten, type Messages } from "../../support/messages.ts";
import { pseudoLocale } from "./pseudo.ts";

/* The texts of a page of stories, in the language that its address names: `?de`, `?long`, `?rtl`. Import it before all else. */

const LANGUAGES: Readonly<Record<string, Messages>> = { en, de, es, fr, ja, "pt-BR": ptBR };

const language = location.search.slice(1) || "en";
const texts =
  language === "long" || language === "rtl"
    ? pseudoLocale(en, language)
    : flatten(LANGUAGES[language] as Messages);

Object.assign(globalThis, {
  chrome: {
    i18n: {
      getMessage: (name: string, filling: string | readonly string[] = []) =>
        fill(texts.get(name) ?? "", filling),
      getUILanguage: () => language,
    },
  },
});
