import { render } from "preact";
import { act } from "preact/test-utils";
import type { Reply } from "../../../extension/src/messaging/messages.ts";
import { createActions } from "../../../extension/src/ui/actions.ts";
import type { Backend } from "../../../extension/src/ui/backend.ts";
import { Popup } from "../../../extension/src/ui/popup.tsx";
import { loadScreens } from "../../../extension/src/ui/screens.ts";
import type { UiState } from "../../../extension/src/ui/state.ts";
import { createStore } from "../../../extension/src/ui/store.ts";
import { NOW } from "./story-parts.ts";

type Answer<K extends keyof Backend> = Awaited<ReturnType<Backend[K]>>;
/** An answer, or what makes it of the question. */
type Answers = {
  readonly [K in keyof Backend]?: Answer<K> | ((body: Parameters<Backend[K]>[0]) => Answer<K>);
};

export const ok = <T,>(value: T): Reply<T> => ({ ok: true, value });
export const refusal = (code: string, text: string, next: string): Reply<never> => ({
  ok: false,
  problem: { code, text, next },
});

await loadScreens();

/** One popup at a time, as in a browser. */
let closeLast = (): void => undefined;

/** The popup on a page, with a background that answers as told and remembers what it was asked. */
export function openPopup(state: UiState, answers: Answers = {}, allowOrigin = true) {
  const asked: [name: string, body: unknown][] = [];
  const events: string[] = [];
  const backend = new Proxy({} as Backend, {
    get: (_target, name: keyof Backend) => (body: unknown) => {
      asked.push([name, body]);
      const unanswered =
        state.view && name === "state" ? ok(state.view) : refusal("bug", `no answer to ${name}`, "-");
      const answer = answers[name] ?? unanswered;
      return Promise.resolve(typeof answer === "function" ? answer(body as never) : answer);
    },
  });
  const store = createStore(state);
  const actions = createActions(store, backend, {
    now: () => NOW,
    copyText: async (text) => void events.push(`copied ${text}`),
    request: async (patterns) => {
      events.push(`asked for ${patterns.join(" ")}`);
      return allowOrigin;
    },
    hasPermission: async () => false,
    changePermission: async (name, wanted) => {
      events.push(`${wanted ? "asked for" : "gave back"} ${name}`);
      return wanted && allowOrigin;
    },
    release: async (pattern) => {
      events.push(`gave back ${pattern}`);
      return allowOrigin;
    },
    portalHere: async () => undefined,
    openWelcome: () => events.push("welcome"),
    openOptions: () => events.push("options"),
    openPanel: async () => events.push("panel"),
    hasContainers: false,
    tellsScreen: true,
    close: () => events.push("closed"),
    reload: () => events.push("reloaded"),
  });
  closeLast();
  const app = document.body.appendChild(document.createElement("div"));
  closeLast = () => {
    render(null, app);
    app.remove();
  };
  const settle = (): Promise<void> => act(async () => void (await Promise.resolve()));
  void act(() => render(<Popup store={store} actions={actions} mac={false} />, app));

  const find = <E extends Element = HTMLElement>(selector: string): E => {
    const element = document.querySelector<E>(selector);
    if (!element) throw new Error(`the popup shows no ${selector}`);
    return element;
  };
  const button = (name: string): HTMLButtonElement => {
    const all = [...document.querySelectorAll("button")];
    const one = all.find((each) =>
      (each.getAttribute("aria-label") ?? each.textContent.trim()).startsWith(name),
    );
    if (!one) throw new Error(`the popup shows no button ${name}`);
    return one;
  };
  return {
    asked,
    events,
    store,
    actions,
    find,
    button,
    settle,
    text: () => document.body.textContent,
    async key(key: string, over: KeyboardEventInit = {}): Promise<void> {
      const target = document.activeElement ?? document.body;
      await act(async () => {
        target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...over }));
        await Promise.resolve();
      });
      await settle();
    },
    async press(name: string): Promise<void> {
      await act(async () => {
        button(name).click();
        await Promise.resolve();
      });
      await settle();
    },
    async type(selector: string, text: string): Promise<void> {
      await act(async () => {
        const field = find<HTMLInputElement>(selector);
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        await Promise.resolve();
      });
      await settle();
    },
  };
}
