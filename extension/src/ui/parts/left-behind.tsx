import { t } from "../../words.ts";
import { bare } from "../bare.ts";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";

/** A broker that is given up while it is away cannot be told, and holds envelopes until they end. [EV1] */
export function LeftBehind({ state }: { state: UiState }) {
  if (state.view?.broker.status !== "unreachable") return null;
  return <> {t("terminals.leftBehind")}</>;
}

/** The broker that another one takes the place of. */
export function Replaces({ url, state }: { url: string; state: UiState }) {
  return (
    <>
      {" "}
      {rich("enrol.replaces", <span class="account-id">{bare(url)}</span>)}
      <LeftBehind state={state} />
    </>
  );
}
