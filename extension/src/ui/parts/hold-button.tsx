import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** As long as it takes to mean it. The style sheet fills the button in this time. */
export const HOLD_MS = 1_000;

interface HoldProps {
  readonly class?: string;
  readonly title?: string;
  /** A press, which may ask for another one. The second click of a double click is none. */
  readonly onPress: () => void;
  /** Held for a second. */
  readonly onHeld: () => void;
  readonly children: ComponentChildren;
}

/** A button that can be held instead of pressed twice. */
export function HoldButton({ class: look = "", title, onPress, onHeld, children }: HoldProps) {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** Times that it was held since it was last pressed down. */
  const held = useRef(0);
  const stop = (): void => {
    clearTimeout(timer.current);
    setHolding(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const start = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    held.current = 0;
    setHolding(true);
    timer.current = setTimeout(() => {
      held.current += 1;
      setHolding(false);
      onHeld();
    }, HOLD_MS);
  };
  const press = (event: MouseEvent): void => {
    stop();
    const isNew = held.current === 0 && event.detail < 2;
    held.current = 0;
    if (isNew) onPress();
  };
  return (
    <button
      type="button"
      class={`hold ${look}${holding ? " holding" : ""}`}
      title={title}
      onPointerDown={start}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onClick={press}
    >
      {children}
    </button>
  );
}
