/** One step from a set of elements to the next. */
export type Step =
  | { readonly by: "css"; readonly css: string; readonly hasText?: string }
  | { readonly by: "role"; readonly role: string; readonly name?: NamePattern }
  | { readonly by: "label"; readonly text: string }
  | { readonly by: "text"; readonly text: string }
  | { readonly by: "nth"; readonly index: number };

export type NamePattern = { readonly text: string } | { readonly source: string; readonly flags: string };

/**
 * The elements that the steps lead to, in the order of the document. It is sent to the page as text, so it uses nothing
 * from outside itself. Roles and names are those that HTML gives the elements our pages are made of, no more.
 */
export function findInPage(steps: readonly Step[]): Element[] {
  const ROLES: Record<string, string> = {
    button: "button, [role=button], input[type=submit]",
    heading: "h1, h2, h3, h4, h5, h6, [role=heading]",
    checkbox: "input[type=checkbox], [role=checkbox]",
    radio: "input[type=radio], [role=radio]",
    textbox: "textarea, input:not([type]), input[type=text], input[type=email], [role=textbox]",
    link: "a[href], [role=link]",
    main: "main, [role=main]",
    menu: "[role=menu]",
    alertdialog: "[role=alertdialog]",
    dialog: "dialog, [role=dialog]",
    listitem: "li, [role=listitem]",
    status: "output, [role=status]",
    alert: "[role=alert]",
  };
  const plain = (text: string | null | undefined): string => (text ?? "").replace(/\s+/g, " ").trim();
  const holds = (text: string, part: string): boolean =>
    plain(text).toLowerCase().includes(plain(part).toLowerCase());
  const drawn = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 0;
  const labelsOf = (element: Element): string[] => [
    ...[...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent ?? ""),
    element.getAttribute("aria-label") ?? "",
    ...(element.getAttribute("aria-labelledby") ?? "")
      .split(/\s+/)
      .filter((id) => id !== "")
      .map((id) => document.getElementById(id)?.textContent ?? ""),
  ];
  const nameOf = (element: Element): string =>
    labelsOf(element)
      .map(plain)
      .find((label) => label !== "") ?? plain(element.textContent);
  const matches = (name: string, pattern: NamePattern): boolean =>
    "text" in pattern ? holds(name, pattern.text) : new RegExp(pattern.source, pattern.flags).test(name);
  const inside = (roots: readonly ParentNode[], css: string): Element[] => [
    ...new Set(roots.flatMap((root) => [...root.querySelectorAll(css)])),
  ];

  const walk = (from: readonly ParentNode[], [step, ...rest]: readonly Step[]): ParentNode[] => {
    if (step === undefined) return [...from];
    return walk(next(from, step), rest);
  };
  const next = (from: readonly ParentNode[], step: Step): ParentNode[] => {
    if (step.by === "nth") return from.slice(step.index).slice(0, 1);
    if (step.by === "css")
      return inside(from, step.css).filter((element) => holds(element.textContent ?? "", step.hasText ?? ""));
    if (step.by === "label")
      return inside(from, "*").filter((element) =>
        labelsOf(element).some((label) => label !== "" && holds(label, step.text)),
      );
    if (step.by === "text") {
      const having = inside(from, "body *").filter((element) => holds(element.textContent ?? "", step.text));
      return having.filter(
        (element) => !having.some((other) => other !== element && element.contains(other)),
      );
    }
    const css = ROLES[step.role];
    if (css === undefined) throw new Error(`findInPage knows no role ${step.role}`);
    const { name } = step;
    return inside(from, css).filter(
      (element) => drawn(element) && (name === undefined || matches(nameOf(element), name)),
    );
  };
  return walk([document], steps) as Element[];
}
