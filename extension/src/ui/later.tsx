import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A component whose script is loaded when it is first shown. */
export interface Later<P> {
  (props: P): preact.JSX.Element | null;
  /** Resolves when it is there. */
  load(): Promise<void>;
}

/**
 * The popup opens on what its list needs; every other screen comes from the extension's own folder within a frame or two.
 * Until then its place is empty, as tall as it will be.
 * @param empty what stands there until then
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  empty: preact.JSX.Element | null = <main aria-busy="true" />,
): Later<P> {
  let Known: ComponentType<P> | undefined;
  const fetched = async (): Promise<void> => {
    Known ??= await load();
  };
  function Place(props: P): preact.JSX.Element | null {
    const [, setLoaded] = useState(Known !== undefined);
    useEffect(() => {
      if (!Known) void fetched().then(() => setLoaded(true));
    }, []);
    return Known ? <Known {...props} /> : empty;
  }
  return Object.assign(Place, { load: fetched });
}
