import { render } from "preact";
import type { Actions } from "../../../extension/src/ui/actions.ts";
import { Options } from "../../../extension/src/ui/options.tsx";
import { Popup } from "../../../extension/src/ui/popup.tsx";
import { createStore } from "../../../extension/src/ui/store.ts";
import { STORIES } from "./stories.ts";

/* One story on a page: `#story/theme/page`. Nothing is behind the buttons. */

const [story = "home", theme = "light", page = "popup"] = location.hash.slice(1).split("/");
document.documentElement.dataset.theme = theme;
document.body.className = `${page}-page`;

const inert = new Proxy({}, { get: () => () => new Promise(() => undefined) }) as Actions;
const Page = page === "options" ? Options : Popup;
const state = STORIES[story];
if (!state) throw new Error(`no story is called ${story}`);
render(<Page store={createStore(state)} actions={inert} mac={false} version="0.1.0" />, document.body);
