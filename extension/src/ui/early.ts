import type { AskRuntime } from "../messaging/ask.ts";

/*
 * The popup's first questions, asked before its own script is read: the background finds the answers meanwhile. The script that asks
 * is entrypoints/early.ts; it stands in front of the page's own.
 */

/** The portal that was shown last, in the page's `localStorage`: its list is asked for together with everything else, not after it. */
export const LAST_PORTAL = "portal";

export interface Question {
  readonly verb: string;
  readonly body: object;
}
interface Asked {
  readonly question: string;
  readonly answer: Promise<unknown>;
}
interface EarlyPage {
  earlyAsked?: Asked[];
}

const page = globalThis as EarlyPage;

export function askEarly({ sendMessage }: AskRuntime, questions: readonly Question[]): void {
  page.earlyAsked = questions.map((question) => {
    const answer = sendMessage(question);
    answer.catch(() => undefined); // whoever takes it sees that
    return { question: JSON.stringify(question), answer };
  });
}

/** A background of which some things have been asked already. Each of those answers is given once. */
export function afterEarly(runtime: AskRuntime): AskRuntime {
  return {
    sendMessage(message) {
      const asked = page.earlyAsked ?? [];
      const at = asked.findIndex(({ question }) => question === JSON.stringify(message));
      return at === -1 ? runtime.sendMessage(message) : asked.splice(at, 1)[0]!.answer;
    },
  };
}
