import { setTimeout as after } from "node:timers/promises";
import type { ElementHandle, Page } from "puppeteer-core";
import { ACTION_TIMEOUT_MS } from "./browser.ts";
import { findInPage, type Step } from "./find-in-page.ts";
import type { Naming, Part, Screen } from "./screen.ts";

const LOOK_AGAIN_MS = 25;

/** What each look at the page found, until it is what is asked for. */
async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + ACTION_TIMEOUT_MS;
  let last = "it was not there";
  do {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      last = (error as Error).message; // a page that is just being replaced: look again
    }
    await after(LOOK_AGAIN_MS);
  } while (performance.now() < deadline);
  throw new Error(`waited ${ACTION_TIMEOUT_MS} ms for ${what}: ${last}`);
}

const described = (steps: readonly Step[]): string => JSON.stringify(steps);

class FirefoxPart implements Part {
  readonly #page: Page;
  readonly steps: readonly Step[];

  constructor(page: Page, steps: readonly Step[]) {
    this.#page = page;
    this.steps = steps;
  }

  #then(step: Step): FirefoxPart {
    return new FirefoxPart(this.#page, [...this.steps, step]);
  }

  locator(css: string, { hasText }: { readonly hasText?: string } = {}): Part {
    return this.#then({ by: "css", css, ...(hasText === undefined ? {} : { hasText }) });
  }

  getByRole(role: string, { name }: Naming = {}): Part {
    if (name === undefined) return this.#then({ by: "role", role });
    const pattern = typeof name === "string" ? { text: name } : { source: name.source, flags: name.flags };
    return this.#then({ by: "role", role, name: pattern });
  }

  getByLabel(text: string): Part {
    return this.#then({ by: "label", text });
  }

  getByText(text: string): Part {
    return this.#then({ by: "text", text });
  }

  first(): Part {
    return this.#then({ by: "nth", index: 0 });
  }

  last(): Part {
    return this.#then({ by: "nth", index: -1 });
  }

  count(): Promise<number> {
    return this.#page.evaluate(
      `(${findInPage.toString()})(${described(this.steps)}).length`,
    ) as Promise<number>;
  }

  async #elements(): Promise<ElementHandle[]> {
    const list = await this.#page.evaluateHandle(`(${findInPage.toString()})(${described(this.steps)})`);
    const properties = await list.getProperties();
    return [...properties.values()]
      .map((handle) => handle.asElement())
      .filter((element) => element !== null) as ElementHandle[];
  }

  /** The one element, as soon as it is there and `ready`. */
  #one(ready: (element: ElementHandle) => Promise<boolean> = async () => true): Promise<ElementHandle> {
    return until(described(this.steps), async () => {
      const elements = await this.#elements();
      if (elements.length > 1) throw new Error(`it is there ${elements.length} times`);
      const [element] = elements;
      return element !== undefined && (await ready(element)) ? element : undefined;
    });
  }

  async waitFor({ state = "visible" }: Parameters<Part["waitFor"]>[0] = {}): Promise<void> {
    if (state === "attached") await this.#one();
    else if (state === "visible") await this.#one((element) => isDrawn(element));
    else
      await until(`${described(this.steps)} to go`, async () => {
        const elements = await this.#elements();
        const there =
          state === "detached"
            ? elements.length > 0
            : (await Promise.all(elements.map(isDrawn))).includes(true);
        return there ? undefined : true;
      });
  }

  async isVisible(): Promise<boolean> {
    const [element] = await this.#elements();
    return element !== undefined && isDrawn(element);
  }

  async isDisabled(): Promise<boolean> {
    return (await this.#one()).evaluate((element) => element.matches(":disabled"));
  }

  async textContent(): Promise<string | null> {
    return (await this.#one()).evaluate((element) => element.textContent);
  }

  async inputValue(): Promise<string> {
    return (await this.#one()).evaluate((element) => (element as HTMLInputElement).value);
  }

  async fill(text: string): Promise<void> {
    const element = await this.#one(isReady);
    await element.evaluate((field, value) => {
      const input = field as HTMLInputElement;
      input.focus();
      input.select();
      document.execCommand(value === "" ? "delete" : "insertText", false, value);
    }, text);
  }

  async check(): Promise<void> {
    const element = await this.#one(isReady);
    if (await element.evaluate((box) => (box as HTMLInputElement).checked)) return;
    await this.click();
    await until(`${described(this.steps)} to be ticked`, async () =>
      (await element.evaluate((box) => (box as HTMLInputElement).checked)) ? true : undefined,
    );
  }

  /** Where it is drawn, once it has stopped moving and nothing lies over it: a list that is still growing moves its rows. */
  async click(): Promise<void> {
    let point = { x: 0, y: 0 };
    await this.#one(async (element) => {
      if (!(await isReady(element))) return false;
      await element.scrollIntoView();
      const before = await element.boundingBox();
      await after(LOOK_AGAIN_MS);
      const box = await element.boundingBox();
      if (!before || !box || before.x !== box.x || before.y !== box.y) return false;
      point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      return element.evaluate(isOnTop, point.x, point.y);
    });
    await this.#page.mouse.click(point.x, point.y);
  }

  async scrollIntoViewIfNeeded(): Promise<void> {
    await (await this.#one()).scrollIntoView();
  }

  async boundingBox() {
    return (await this.#one()).boundingBox();
  }

  async evaluate(
    act: (element: Element, argument: number) => Promise<void>,
    argument: number,
  ): Promise<void> {
    await (await this.#one()).evaluate(act, argument);
  }
}

const isDrawn = (element: ElementHandle): Promise<boolean> =>
  element.evaluate((one) => {
    const { width, height } = one.getBoundingClientRect();
    return one.checkVisibility({ visibilityProperty: true }) && width > 0 && height > 0;
  });

/** In the page. */
function isOnTop(element: Element, x: number, y: number): boolean {
  const hit = document.elementFromPoint(x, y);
  return hit !== null && (element.contains(hit) || hit.contains(element));
}

const isReady = async (element: ElementHandle): Promise<boolean> =>
  (await isDrawn(element)) && element.evaluate((one) => !one.matches(":disabled"));

export interface FirefoxScreen extends Screen {
  /** What playwright's `Page` is in Chromium. */
  readonly page: Page;
}

/** The last of the keys while the others are held. */
async function pressTogether({ keyboard }: Page, keys: string): Promise<void> {
  const all = keys.split("+") as Parameters<typeof keyboard.press>[0][];
  const [held, last] = [all.slice(0, -1), all.at(-1)!];
  for (const key of held) await keyboard.down(key);
  await keyboard.press(last);
  for (const key of held.reverse()) await keyboard.up(key);
}

export function firefoxScreen(page: Page): FirefoxScreen {
  const all = new FirefoxPart(page, []);
  return {
    page,
    mouse: page.mouse,
    keyboard: { press: (keys) => pressTogether(page, keys), type: (text) => page.keyboard.type(text) },
    locator: (css, having) => all.locator(css, having),
    getByRole: (role, naming) => all.getByRole(role, naming),
    getByLabel: (text) => all.getByLabel(text),
    getByText: (text) => all.getByText(text),
    goto: (url) => page.goto(url),
    url: () => page.url(),
    isClosed: () => page.isClosed(),
    bringToFront: () => page.bringToFront(),
    screenshot: ({ path }) => page.screenshot({ path: path as `${string}.png` }),
    close: () => page.close(),
  };
}
