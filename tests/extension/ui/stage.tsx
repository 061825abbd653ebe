import "./stage-words.ts";
import { render } from "preact";
import { showLanguage } from "../../../extension/src/language.ts";
import type { PairingTerms } from "../../../extension/src/messaging/terms.ts";
import type { Actions } from "../../../extension/src/ui/actions.ts";
import { Options } from "../../../extension/src/ui/options.tsx";
import { Popup } from "../../../extension/src/ui/popup.tsx";
import { currentDirectory } from "../../../extension/src/ui/state.ts";
import { createStore } from "../../../extension/src/ui/store.ts";
import { Welcome } from "../../../extension/src/ui/welcome.tsx";
import { previewOf } from "./preview.ts";
import { STORIES } from "./stories.ts";

/*
 * Stories on a page: `#story/theme/page` in its address, or one after the other through `showStory`. Nothing is behind the buttons
 * but what a pairing's terms would open.
 */

async function showStory(story: string, theme: string, page: string): Promise<void> {
  const state = STORIES[story];
  if (!state) throw new Error(`no story is called ${story}`);
  const root = document.documentElement;
  root.dataset.theme = theme;
  document.body.className = `${page}-page`;
  const answers: Partial<Actions> = {
    // Beside a page there is nowhere left to open the panel.
    ...(page === "panel" && { openPanel: undefined }),
    pairPreview: async (terms) => previewOf(terms as PairingTerms, currentDirectory(state)),
  };
  const inert = new Proxy(answers, {
    get: (known, name: keyof Actions) => (name in known ? known[name] : () => new Promise(() => undefined)),
  }) as Actions;
  const Page = { options: Options, welcome: Welcome }[page] ?? Popup;
  render(null, document.body);
  render(<Page store={createStore(state)} actions={inert} mac={false} version="0.1.0" />, document.body);
  // Screens that are loaded when they are shown; and what effects change after the first drawing.
  while (!document.querySelector("main, .options")) await nextFrame();
  await nextFrame();
  await nextFrame();
}

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

showLanguage(document.documentElement);
Object.assign(globalThis, { showStory });
const [story, theme = "light", page = "popup"] = location.hash.slice(1).split("/");
if (story) void showStory(story, theme, page);
