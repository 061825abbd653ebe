/*
 * Pairing against somebody in the middle, as a game played out to its end. The attacker holds the code, so that every message
 * can be read and written; what is left are the words. The terminal's half of them is `d`, the extension's is `e`; each side
 * makes its words of its own half and of what it was given for the other. The attacker wins if both show the same words
 * although each side was given the attacker's half.
 *
 * Honest halves are uniform, and a commitment hides what it commits to: so a half is drawn when it is first shown, and the
 * attacker's best chance is a maximum over their moves of averages over what the others then show.
 */

export interface Rules {
  /** Number of words there are; also the number of different halves. */
  readonly words: number;
  /** The terminal's side is bound to a half before it sees the extension's; else it names one when it reveals. */
  readonly commits: boolean;
  /** The extension shows its half only to who has committed. */
  readonly inviteWaits: boolean;
  /** The words cover the half of the terminal, and of the extension. */
  readonly covers: { readonly reveal: boolean; readonly invite: boolean };
}

/** The pairing of jc1, with as few words as wished. */
export const jc1 = (words: number): Rules => ({
  words,
  commits: true,
  inviteWaits: true,
  covers: { reveal: true, invite: true },
});

interface Position {
  /** Shown by the extension. */
  readonly e?: number;
  /** Shown by the terminal. */
  readonly d?: number;
  /** What the attacker is bound to towards the extension, and whether it has been revealed. */
  readonly attackerD?: number;
  readonly revealed?: true;
  /** What the attacker gave the terminal for the extension's half. */
  readonly attackerE?: number;
}

/** Words for one pair of halves: for each half of one side, every half of the other gives words of its own. */
function wordsFor({ words, covers }: Rules, d: number, e: number): number {
  return ((covers.reveal ? d : 0) + (covers.invite ? e : 0)) % words;
}

const halves = ({ words }: Rules): number[] => Array.from({ length: words }, (_, i) => i);
const average = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Positions after each move that the attacker can make now. What an honest side then shows comes with all its chances. */
function moves(rules: Rules, at: Position): Position[][] {
  const all: Position[][] = [];
  const mayBind = at.attackerD === undefined && (rules.commits || at.e !== undefined);
  if (mayBind) {
    for (const attackerD of halves(rules)) {
      const bound = { ...at, attackerD };
      // Being bound is what the extension waits for before it shows its half.
      all.push(at.e === undefined ? halves(rules).map((e) => ({ ...bound, e })) : [bound]);
    }
  }
  if (!rules.inviteWaits && at.e === undefined) all.push(halves(rules).map((e) => ({ ...at, e })));
  if (!rules.commits && at.e === undefined) all.push(halves(rules).map((e) => ({ ...at, e })));
  if (at.attackerE === undefined) {
    for (const attackerE of halves(rules)) all.push(halves(rules).map((d) => ({ ...at, attackerE, d })));
  }
  if (at.attackerD !== undefined && at.e !== undefined && !at.revealed) all.push([{ ...at, revealed: true }]);
  return all;
}

/** The attacker's chance to have the same words on both sides, playing as well as can be. */
export function bestChance(rules: Rules, at: Position = {}): number {
  const { d, e, attackerD, attackerE, revealed } = at;
  if (revealed && d !== undefined && e !== undefined && attackerD !== undefined && attackerE !== undefined) {
    return wordsFor(rules, attackerD, e) === wordsFor(rules, d, attackerE) ? 1 : 0;
  }
  const chances = moves(rules, at).map((outcomes) =>
    average(outcomes.map((next) => bestChance(rules, next))),
  );
  return Math.max(0, ...chances);
}
