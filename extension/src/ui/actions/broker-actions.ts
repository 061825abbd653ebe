import { t } from "../../words.ts";
import type { Backend } from "../backend.ts";
import type { Context } from "./context.ts";

type Approval = Parameters<Backend["pairApprove"]>[0];
type Did = Parameters<Backend["deviceRevoke"]>[0]["did"];
type Terms = Parameters<Backend["pairPreview"]>[0];

/** Pairing, step by step. */
export function pairingActions({ store, backend, under, refreshState }: Context) {
  const { dispatch, get } = store;

  async function pairStart(): Promise<void> {
    dispatch({ type: "screen", screen: "pairing" });
    dispatch({ type: "pairing", pairing: { step: "none" } });
    const pairing = await under("pair-start", () => backend.pairStart({}));
    if (pairing) return dispatch({ type: "pairing", pairing });
    const { notice } = get();
    dispatch({ type: "screen", screen: "terminals" });
    dispatch({ type: "notice", notice }); // a change of screen clears it, and this one says why we are back
  }

  async function pairWords(words: string): Promise<void> {
    const pairing = await under("pair-words", () => backend.pairWords({ words }));
    if (pairing) dispatch({ type: "pairing", pairing });
  }

  /** What these terms would open; the reason when they cannot be signed. */
  const pairPreview = (terms: Terms) => backend.pairPreview(terms);

  async function pairApprove(approval: Approval): Promise<void> {
    const pairing = await under("pair-approve", () => backend.pairApprove(approval));
    if (pairing) dispatch({ type: "pairing", pairing });
    await refreshState();
  }

  /** Leave the pairing; one that is still going on is stopped, so that the terminal hears of it at once. */
  async function pairLeave(): Promise<void> {
    const { step } = get().pairing;
    dispatch({ type: "screen", screen: "terminals" });
    dispatch({ type: "pairing", pairing: { step: "none" } });
    if (step !== "none") await backend.pairCancel({});
    await refreshState();
  }

  async function refreshPairing(): Promise<void> {
    const reply = await backend.pairState({});
    if (reply.ok) dispatch({ type: "pairing", pairing: reply.value });
  }

  return { pairStart, pairWords, pairPreview, pairApprove, pairLeave, refreshPairing };
}

/** The broker itself, and the list of terminals. */
export function brokerActions({ store, backend, around, refused, said, under, refreshState }: Context) {
  const { dispatch } = store;

  async function revoke(did: Did, name: string): Promise<void> {
    const done = await under(`revoke:${did}`, () => backend.deviceRevoke({ did }));
    dispatch({ type: "confirm", key: null });
    await refreshState();
    if (done) said(t("said.removed", [name]));
  }

  /** @returns whether the broker took us in */
  async function enrol(code: string, permission: string | null): Promise<boolean> {
    // First thing after the press: the browser's question is only allowed while the press is fresh.
    if (permission !== null && !(await around.request([permission]))) {
      refused({
        code: "permission",
        text: t("said.notAllowed"),
        next: t("said.pressConnect"),
      });
      return false;
    }
    const done = await under("enrol", () => backend.enrol({ code }));
    if (!done) return false;
    await refreshState();
    if (done.setup) dispatch({ type: "screen", screen: "pairing" });
    const pairing = done.setup ? await backend.pairState({}) : undefined;
    if (pairing?.ok) dispatch({ type: "pairing", pairing: pairing.value });
    if (!done.setup) said(t("said.connected"));
    return true;
  }

  /** What the code is for, or undefined while it is not whole. */
  async function readEnrolCode(code: string) {
    const reply = await backend.enrolPreview({ code });
    return reply.ok ? reply.value : undefined;
  }

  /** Like `enrol`, with the session of a portal in place of a code. */
  async function join(code: string, portal: string, permission: string | null): Promise<boolean> {
    if (permission !== null && !(await around.request([permission]))) {
      refused({
        code: "permission",
        text: t("said.notAllowed"),
        next: t("said.pressAgain"),
      });
      return false;
    }
    const done = await under("enrol", () => backend.join({ code, portal }));
    if (!done) return false;
    await refreshState();
    said(t("said.connected"));
    return true;
  }

  /** The broker that a code of an organization names, or undefined while the code is not whole. */
  async function readJoinCode(code: string) {
    const reply = await backend.joinPreview({ code });
    return reply.ok ? reply.value : undefined;
  }

  async function unenrol(): Promise<void> {
    const done = await under("unenrol", () => backend.unenrol({}));
    dispatch({ type: "confirm", key: null });
    await refreshState();
    if (done) said(t("said.forgotten"));
  }

  return { revoke, enrol, readEnrolCode, join, readJoinCode, unenrol };
}
