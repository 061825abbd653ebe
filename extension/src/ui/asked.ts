import type { ApprovalView, AskedOutcome, ViewState } from "../messaging/view.ts";
import { t } from "../words.ts";
import type { Notice } from "./state.ts";

/** What came of a question, in the user's words. */
export function outcomeNotice(
  { name, role, account, accountName }: ApprovalView,
  outcome: AskedOutcome,
): Notice {
  switch (outcome) {
    case "approved":
      return {
        tone: "good",
        text: t("approval.approved", [name, role, accountName ?? account]),
      };
    case "refused":
      return { tone: "good", text: t("approval.refused", [name]) };
    case "wrong-number":
      return {
        tone: "bad",
        text: t("approval.wrongNumber"),
        next: t("approval.runAgainOn", [name]),
      };
    case "timeout":
      return {
        tone: "bad",
        text: t("approval.timeout"),
        next: t("approval.runAgainOn", [name]),
      };
    case "gone":
      return { tone: "bad", text: t("approval.gone", [name]), next: t("approval.runAgainThere") };
    case "locked":
      return {
        tone: "bad",
        text: t("approval.locked", [name]),
        next: t("approval.lockedNext"),
      };
  }
}

/** Said when the question that was shown is over, whoever ended it. */
export function askedNotice(before: ViewState | null, now: ViewState): Notice | undefined {
  const shown = before?.approval;
  if (!shown || now.approval?.id === shown.id) return undefined;
  return outcomeNotice(shown, now.asked?.id === shown.id ? now.asked.outcome : "gone");
}
