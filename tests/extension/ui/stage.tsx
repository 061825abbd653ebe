import "../words.ts";
import { render } from "preact";
import type { PairingTerms } from "../../../extension/src/messaging/terms.ts";
import type { Actions } from "../../../extension/src/ui/actions.ts";
import { Options } from "../../../extension/src/ui/options.tsx";
import { Popup } from "../../../extension/src/ui/popup.tsx";
import { currentDirectory } from "../../../extension/src/ui/state.ts";
import { createStore } from "../../../extension/src/ui/store.ts";
import { previewOf } from "./preview.ts";
import { STORIES } from "./stories.ts";

/* One story on a page: `#story/theme/page`. Nothing is behind the buttons but what a pairing's terms would open. */

const [story = "home", theme = "light", page = "popup"] = location.hash.slice(1).split("/");
document.documentElement.dataset.theme = theme;
document.body.className = `${page}-page`;

const Page = page === "options" ? Options : Popup;
const state = STORIES[story];
if (!state) throw new Error(`no story is called ${story}`);
const answers: Partial<Actions> = {
  pairPreview: async (terms) => previewOf(terms as PairingTerms, currentDirectory(state)),
};
const inert = new Proxy(answers, {
  get: (known, name: keyof Actions) => known[name] ?? (() => new Promise(() => undefined)),
}) as Actions;
render(<Page store={createStore(state)} actions={inert} mac={false} version="0.1.0" />, document.body);
