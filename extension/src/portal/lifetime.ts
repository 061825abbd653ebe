import { browser } from "wxt/browser";

const ARRIVED = "jcfetch-arrived";

/**
 * The life of the page's script: over when a newer one comes to the same page, after an update, or when the extension is gone.
 * Takes the place of WXT's own context (wxt.config.ts), whose other services make a seventh of this script and name the
 * extension's id to the page.
 */
export class ContentScriptContext {
  readonly #end = new AbortController();

  constructor() {
    const { signal } = this.#end;
    document.dispatchEvent(new Event(ARRIVED));
    document.addEventListener(ARRIVED, () => this.#end.abort(), { signal });
  }

  /** An extension that was updated, reloaded or removed leaves its scripts behind without an id. */
  #lives(): boolean {
    if (!browser.runtime?.id) this.#end.abort();
    return !this.#end.signal.aborted;
  }

  onInvalidated(run: () => void): void {
    this.#end.signal.addEventListener("abort", run);
  }

  setTimeout(run: () => void, ms: number): void {
    setTimeout(() => this.#lives() && run(), ms);
  }
}
