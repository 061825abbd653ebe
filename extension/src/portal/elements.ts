/** An element with a class and what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

export const attributes = (element: Element, values: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
};

let sharedSheet: CSSStyleSheet | undefined;

function addStyle(root: ShadowRoot, css: string): void {
  try {
    if (!sharedSheet) {
      sharedSheet = new CSSStyleSheet();
      sharedSheet.replaceSync(css);
    }
    root.adoptedStyleSheets = [sharedSheet];
  } catch {
    // Firefox keeps content scripts from writing this list; then each root has a sheet of its own.
    const style = document.createElement("style");
    style.textContent = css;
    root.prepend(style);
  }
}

/** Something of ours in the page: its inside is closed to the page, and all have one style sheet. @param kind tells ours apart for our own clean-up. */
export function createHost(kind: string, css: string): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement("span");
  host.setAttribute(kind, "");
  const root = host.attachShadow({ mode: "closed" });
  addStyle(root, css);
  return { host, root };
}
