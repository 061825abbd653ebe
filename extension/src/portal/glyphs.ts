import { attributes } from "./elements.ts";

const SVG = "http://www.w3.org/2000/svg";

/** Drawn by us on a 16-unit grid, one stroke width. */
const PATHS = {
  copy: "M6 6h7.5v7.5H6zM2.5 10.5v-8h8",
  check: "M3 8.5l3.2 3.2L13 4.8",
  alert: "M8 3v6.2M8 12.6v.1",
  spinner: "M8 2.5a5.5 5.5 0 1 1-5.5 5.5",
  caret: "M4.5 6.5L8 10l3.5-3.5",
  /** A whole turn from the top: the expiry's ring, of which a dash pattern shows what is left. */
  ring: "M8 2a6 6 0 1 1 0 12 6 6 0 1 1 0-12",
} as const;

export type GlyphName = keyof typeof PATHS;

/** Built node by node: an extension that writes markup into a page has a hole waiting to be found. */
export function glyph(name: GlyphName): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  attributes(svg, { viewBox: "0 0 16 16", "aria-hidden": "true", class: name });
  attributes(path, { d: PATHS[name], pathLength: "100" });
  svg.append(path);
  return svg;
}
