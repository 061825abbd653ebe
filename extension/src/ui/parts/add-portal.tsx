import { useEffect, useState } from "preact/hooks";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";

type Preview = Awaited<ReturnType<Actions["readPortal"]>>;
type Here = NonNullable<Awaited<ReturnType<Actions["portalHere"]>>>;

interface AddPortalProps {
  readonly label: string;
  readonly actions: Actions;
  /** Stay here, in place of going straight to its sign-in. */
  readonly stay?: boolean;
  readonly onAdded?: () => void;
}

/** The address, what the background makes of it, and the portal that the user came from, if it is one. */
function useAddress(actions: Actions) {
  const [here, setHere] = useState<Here>({ startUrl: "", hints: [] });
  const [preview, setPreview] = useState<Preview>(undefined);
  useEffect(() => {
    void actions.portalHere().then(async (found) => {
      const read = found && (await actions.readPortal(found));
      // Not over what the user has typed meanwhile.
      if (read) setHere((now) => (now.startUrl === "" ? { ...found, startUrl: read.startUrl } : now));
    });
  }, [actions]);
  useEffect(() => {
    let current = true;
    const look = here.startUrl.trim() === "" ? Promise.resolve(undefined) : actions.readPortal(here);
    void look.then((read) => current && setPreview(read));
    return () => {
      current = false;
    };
  }, [actions, here]);
  return { here, setHere, preview };
}

/** Adds a portal: says whose it is, asks the browser for it, and goes straight to its sign-in. */
export function AddPortal({ label, actions, stay = false, onAdded }: AddPortalProps) {
  const { here, setHere, preview } = useAddress(actions);
  const address = here.startUrl.trim();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { region, missing } = preview ?? { region: null, missing: [] };
    const known = here.hints.includes(region ?? "") ? (region ?? undefined) : undefined;
    if (!(await actions.addPortal(address, known, missing))) return;
    onAdded?.();
    if (stay) setHere({ startUrl: "", hints: [] });
    else await actions.signIn();
  };
  return (
    <form class="inline-form" onSubmit={(event) => void submit(event)}>
      <input
        type="text"
        inputMode="url"
        aria-label={t("situation.address")}
        placeholder={t("situation.addressHint")}
        spellcheck={false}
        autocomplete="off"
        value={here.startUrl}
        onInput={(event) => setHere({ startUrl: event.currentTarget.value, hints: [] })}
      />
      <button type="submit" class="primary" disabled={address === ""}>
        {label}
      </button>
      {preview && (
        <p class="portal-question" role="status">
          {preview.region === null
            ? t("access.trust", [preview.alias])
            : t("access.trustIn", [preview.alias, preview.region])}
        </p>
      )}
    </form>
  );
}
