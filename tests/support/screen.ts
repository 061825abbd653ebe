/*
 * What a person sees and touches of a page, in whichever browser it is open: the part of playwright's `Page` and `Locator`
 * that `person.ts` needs, with the same meaning. Playwright drives Chromium; for Firefox see firefox-screen.ts.
 */

export interface Naming {
  /** A text is looked for anywhere in the name and in any case, as playwright does. */
  readonly name?: string | RegExp;
}

/** Ways to point at something, on the whole page or within a part of it. */
export interface Within {
  locator(css: string, having?: { readonly hasText?: string }): Part;
  getByRole(role: string, naming?: Naming): Part;
  getByLabel(text: string): Part;
  getByText(text: string): Part;
}

/** Something on the page, looked for anew each time. What acts on it waits until it is there, and fails if it is there twice. */
export interface Part extends Within {
  first(): Part;
  last(): Part;
  waitFor(until?: { readonly state?: "visible" | "attached" | "detached" | "hidden" }): Promise<void>;
  isVisible(): Promise<boolean>;
  isDisabled(): Promise<boolean>;
  count(): Promise<number>;
  textContent(): Promise<string | null>;
  inputValue(): Promise<string>;
  fill(text: string): Promise<void>;
  check(): Promise<void>;
  click(): Promise<void>;
  scrollIntoViewIfNeeded(): Promise<void>;
  /** In pixels of the window. */
  boundingBox(): Promise<{ x: number; y: number; width: number; height: number } | null>;
  /** Runs in the page. */
  evaluate(act: (element: Element, argument: number) => Promise<void>, argument: number): Promise<void>;
}

export interface Screen extends Within {
  readonly mouse: { click(x: number, y: number): Promise<void> };
  /** Keys that are held together are joined by `+`. */
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  goto(url: string): Promise<unknown>;
  url(): string;
  isClosed(): boolean;
  /** The one a person looks at. */
  bringToFront(): Promise<void>;
  screenshot(to: { readonly path: string }): Promise<unknown>;
  close(): Promise<void>;
}
