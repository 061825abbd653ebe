import { useEffect, useState } from "preact/hooks";
import type { Actions } from "../actions.ts";
import { bare } from "../bare.ts";
import { LeftBehind } from "../parts/left-behind.tsx";
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
  if (!preview) return <p class="dim">This is not a whole code yet.</p>;

  const portal = livePortal(state);
  const address = bare(preview.url);
  if (!portal) {
    return (
      <p class="dim">
        <span class="account-id">{address}</span> takes in whoever can sign in at its organization's access
        portal. Sign in there first.
      </p>
    );
  }
  const join = async (): Promise<void> => {
    if (await actions.join(code, portal.origin, preview.permission)) onJoined();
  };
  return (
    <div class="join">
      <p>
        <b>Only go on if your organization gave you this code.</b> To show that you belong to it, your session
        at {portal.alias} is shown to <span class="account-id">{address}</span> once. Whoever runs that broker
        could use it until it ends.
        {preview.permission && " The browser will ask you to allow the address."}
        {preview.replaces && (
          <>
            {" It takes the place of "}
            <span class="account-id">{bare(preview.replaces)}</span>, whose terminals are removed.
            <LeftBehind state={state} />
          </>
        )}
      </p>
      <button
        type="button"
        class="primary"
        aria-busy={state.busy.has("enrol")}
        onClick={() => void join()}
      >{`Join ${address} as a member of ${portal.alias}`}</button>
    </div>
  );
}
