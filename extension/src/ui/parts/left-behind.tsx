import type { UiState } from "../state.ts";

/** A broker that is given up while it is away cannot be told, and holds envelopes until they end. [EV1] */
export function LeftBehind({ state }: { state: UiState }) {
  if (state.view?.broker.status !== "unreachable") return null;
  return (
    <>
      {
        " It does not answer, so it cannot be told: once it is back, its terminals can go on with it for up to "
      }
      twelve hours, unless you sign out at the portal.
    </>
  );
}
