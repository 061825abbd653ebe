import en from "../../extension/src/locales/en.json" with { type: "json" };
import { type Messages, messageOf } from "../support/messages.ts";

/*
 * The extension's texts for its parts that run outside of a browser's extension: as `browser.i18n` answers in English. Import it
 * before anything of the extension.
 */

interface Global {
  chrome?: { i18n?: unknown };
}

const here = globalThis as Global;
here.chrome ??= {};
here.chrome.i18n ??= {
  getMessage: (name: string, filling: string | readonly string[] = []) =>
    messageOf(en as Messages, name, filling),
  getUILanguage: () => "en",
};
