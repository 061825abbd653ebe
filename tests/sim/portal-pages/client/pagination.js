// The page bar of generation 3: late to appear, gone for a moment at every turn, never `disabled`.
import { h, icon } from "./dom.js";

const APPEAR_MS = 1000;
const BLACKOUT_MS = 300;

export function makePagination(show) {
  const element = h("div", { class: "pagination" });
  let pages = 1;
  let current = 1;
  let timer;

  const arrow = (label, name, page) => {
    const off = page < 1 || page > pages;
    return h(
      "li",
      {},
      h(
        "button",
        {
          "aria-label": label,
          "aria-disabled": off ? "true" : undefined,
          tabindex: off ? "-1" : undefined,
          on: { click: () => turn(page) },
        },
        icon(name),
      ),
    );
  };

  const number = (page) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          "aria-label": `Page ${page}`,
          "aria-current": page === current ? "true" : undefined,
          on: { click: () => turn(page) },
        },
        String(page),
      ),
    );

  function draw() {
    element.replaceChildren(
      h(
        "ul",
        {},
        arrow("Previous page", "left", current - 1),
        Array.from({ length: pages }, (_, index) => number(index + 1)),
        arrow("Next page", "right", current + 1),
      ),
    );
  }

  function drawAfter(ms) {
    clearTimeout(timer);
    element.replaceChildren();
    timer = setTimeout(draw, ms);
  }

  function turn(page) {
    if (page < 1 || page > pages || page === current) return;
    current = page;
    show(page);
    drawAfter(BLACKOUT_MS);
  }

  let drawnBefore = false;
  return {
    element,
    page: () => current,
    /** A new set of rows begins at its first page. */
    reset(count) {
      pages = count;
      current = 1;
      drawAfter(drawnBefore ? BLACKOUT_MS : APPEAR_MS);
      drawnBefore = true;
    },
  };
}
