import { t } from "../../words.ts";
import { outcomeNotice } from "../asked.ts";
import type { Backend } from "../backend.ts";
import type { Context } from "./context.ts";

type Did = Parameters<Backend["deviceUnlock"]>[0]["did"];

/** Answering what terminals ask, locking them, and what they did. */
export function terminalActions({ store, backend, said, under, refreshState }: Context) {
  const { dispatch, get } = store;

  /** What came of it is said when the question goes; again here, where a background that was stopped took it away before. */
  async function answerApproval(id: string, digits: string | null): Promise<void> {
    const shown = get().view?.approval;
    const done = await under("approval", () => backend.approvalAnswer({ id, digits }));
    await refreshState();
    if (done && shown?.id === id) dispatch({ type: "notice", notice: outcomeNotice(shown, done.outcome) });
  }

  async function lockAll(lock: boolean): Promise<void> {
    const done = await under("lock-all", () => backend.lockAll({ lock }));
    dispatch({ type: "confirm", key: null });
    await refreshState();
    if (done) said(t(lock ? "said.allLocked" : "said.lockLifted"));
  }

  async function unlock(did: Did, name: string): Promise<void> {
    const done = await under(`unlock:${did}`, () => backend.deviceUnlock({ did }));
    await refreshState();
    if (done) said(t("said.mayAsk", [name]));
  }

  async function acceptBroker(): Promise<void> {
    const done = await under("accept-broker", () => backend.brokerAccept({}));
    dispatch({ type: "confirm", key: null });
    await refreshState();
    if (done) said(t("said.goOn"));
  }

  async function showActivity(): Promise<void> {
    dispatch({ type: "screen", screen: "activity" });
    dispatch({ type: "activity", activity: null });
    const page = await under("activity", () => backend.activity({ before: null }));
    dispatch({ type: "activity", activity: page ?? { entries: [], before: null } });
  }

  async function olderActivity(): Promise<void> {
    const { activity } = get();
    if (!activity || activity.before === null) return;
    const { before } = activity;
    const page = await under("activity", () => backend.activity({ before }));
    if (!page) return;
    dispatch({
      type: "activity",
      activity: { entries: [...activity.entries, ...page.entries], before: page.before },
    });
  }

  return { answerApproval, lockAll, unlock, acceptBroker, showActivity, olderActivity };
}
