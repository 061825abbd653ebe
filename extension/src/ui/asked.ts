import type { ApprovalView, AskedOutcome, ViewState } from "../messaging/view.ts";
import type { Notice } from "./state.ts";

/** What came of a question, in the user's words. */
function outcomeNotice({ name, role, account, accountName }: ApprovalView, outcome: AskedOutcome): Notice {
  switch (outcome) {
    case "approved":
      return {
        tone: "good",
        text: `Approved: ${name} gets ${role} in ${accountName ?? account}, this once.`,
      };
    case "refused":
      return { tone: "good", text: `Refused. ${name} got nothing.` };
    case "wrong-number":
      return {
        tone: "bad",
        text: `That is not the number of this request, so it was refused`,
        next: `run the command again on ${name}`,
      };
    case "timeout":
      return {
        tone: "bad",
        text: "Nobody answered within a minute",
        next: `run the command again on ${name}`,
      };
    case "gone":
      return { tone: "bad", text: `${name} no longer waits`, next: "run the command again there" };
    case "locked":
      return {
        tone: "bad",
        text: `${name} was locked after three refusals`,
        next: "find out who asked there; unlock it under Terminals",
      };
  }
}

/** Said when the question that was shown is over, whoever ended it. */
export function askedNotice(before: ViewState | null, now: ViewState): Notice | undefined {
  const shown = before?.approval;
  if (!shown || now.approval?.id === shown.id) return undefined;
  return outcomeNotice(shown, now.asked?.id === shown.id ? now.asked.outcome : "gone");
}
