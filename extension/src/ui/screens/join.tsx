import { useEffect, useState } from "preact/hooks";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { bare } from "../bare.ts";
import { Replaces } from "../parts/left-behind.tsx";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";

type Preview = NonNullable<Awaited<ReturnType<Actions["readJoinCode"]>>>;

interface JoinProps {
  readonly state: UiState;
  readonly actions: Actions;
  /** `jcm1_…`, whole or not. */
  readonly code: string;
  readonly onJoined: () => void;
}

/** The portal whose roles are shown, when somebody is signed in there. */
const livePortal = ({ view, portal }: UiState) =>
  view?.portals.find(({ origin, status }) => origin === portal && status === "live");

/**
 * [EN10] The offer of a broker that admits members. Its button names the broker and the portal: a session that is shown to
 * the wrong broker is lost to it, and only the person can know which one is right.
 */
export function JoinOffer({ state, actions, code, onJoined }: JoinProps) {
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    let current = true;
    setPreview(null);
    void actions.readJoinCode(code).then((read) => current && setPreview(read ?? null));
    return () => {
      current = false;
    };
  }, [actions, code]);
  if (!preview) return <p class="dim">{t("enrol.unreadable")}</p>;

  const portal = livePortal(state);
  const address = bare(preview.url);
  if (!portal) {
    return <p class="dim">{rich("enrol.signInFirst", <span class="account-id">{address}</span>)}</p>;
  }
  const join = async (): Promise<void> => {
    if (await actions.join(code, portal.origin, preview.permission)) onJoined();
  };
  return (
    <div class="join">
      <p>
        <b>{t("enrol.onlyIf")}</b>{" "}
        {rich("enrol.shown", portal.alias, <span class="account-id">{address}</span>)}
        {preview.permission && ` ${t("enrol.permissionAddress")}`}
        {preview.replaces && <Replaces url={preview.replaces} state={state} />}
      </p>
      <button type="button" class="primary" aria-busy={state.busy.has("enrol")} onClick={() => void join()}>
        {t("enrol.join", [address, portal.alias])}
      </button>
    </div>
  );
}
