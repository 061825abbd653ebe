import type { ComponentChildren, CSSProperties } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export const ROW_PX = 34;
/** Rows drawn beyond both edges, so that quick scrolling shows no gaps. */
const SPARE = 6;

export interface VirtualListProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Kept in sight when it changes; -1 for none. */
  readonly cursor: number;
  readonly draw: (item: T, at: number) => ComponentChildren;
  /** The element that holds the rows, with its role and name. It must take the style. */
  readonly frame: (rows: ComponentChildren, style: CSSProperties) => ComponentChildren;
}

/** A list of rows of one height that draws only what is in sight: ten thousand rows cost as much as twenty. */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, keyOf, cursor, draw, frame } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(440);

  useLayoutEffect(() => {
    const measured = scroller.current?.clientHeight;
    if (measured) setHeight(measured);
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null || cursor < 0) return;
    const from = cursor * ROW_PX;
    if (from < element.scrollTop) element.scrollTop = cursor <= 1 ? 0 : from;
    else if (from + ROW_PX > element.scrollTop + element.clientHeight) {
      element.scrollTop = from + ROW_PX - element.clientHeight;
    }
  }, [cursor, items.length]);

  const first = Math.max(0, Math.floor(top / ROW_PX) - SPARE);
  const last = Math.min(items.length, Math.ceil((top + height) / ROW_PX) + SPARE);
  return (
    <div class="list" ref={scroller} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      {frame(
        items.slice(first, last).map((item, i) => (
          <div
            key={keyOf(item)}
            role="presentation"
            class="slot"
            style={{ insetBlockStart: `${(first + i) * ROW_PX}px` }}
          >
            {draw(item, first + i)}
          </div>
        )),
        { blockSize: `${items.length * ROW_PX}px`, position: "relative" },
      )}
    </div>
  );
}
