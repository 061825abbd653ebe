import { escapeXml } from "./aws/answers.ts";

/** Markup whose inserted values are escaped, save those that are markup already. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Value = string | number | Html | readonly Html[] | false | undefined;

export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const parts = strings.map((text, index) => text + (index < values.length ? render(values[index]) : ""));
  return new Html(parts.join(""));
}

function render(value: Value): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return value.map(({ markup }) => markup).join("");
  return escapeXml(String(value));
}

/** Text that goes into a page as it is. */
export const raw = (markup: string): Html => new Html(markup);

/** JSON for a script element of a data type: nothing in it can end the element. */
export const jsonBlock = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));

export function htmlResponse(page: Html, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(`<!DOCTYPE html>\n${page.markup}`, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}
