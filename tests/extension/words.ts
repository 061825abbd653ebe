import en from "../../extension/src/locales/en.json" with { type: "json" };
import { fill, flatten, type Messages } from "../support/messages.ts";

/*
 * The extension's texts for its parts that run outside of a browser's extension: as `browser.i18n` answers in English. Import it
 * before anything of the extension.
 */

interface Global {
  chrome?: { i18n?: unknown };
}

const texts = flatten(en as Messages);
const here = globalThis as Global;
here.chrome ??= {};
here.chrome.i18n ??= {
  getMessage: (name: string, filling: string | readonly string[] = []) =>
    fill(texts.get(name) ?? "", filling),
  getUILanguage: () => "en",
};
