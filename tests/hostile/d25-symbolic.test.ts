import { describe, expect, it } from "vitest";
import type { Flaw } from "./d25/parties.ts";
import {
  attack,
  GOALS,
  type Goal,
  LEAKS,
  type Leak,
  type Modes,
  reached,
  type World,
  worldOf,
} from "./d25/worlds.ts";
import { measured } from "./scale.ts";

/*
 * The executable half of docs/formal.md: every set of leaks, and what follows from it. The table below is the one of that
 * document; a binding of the protocol that is left out must break it.
 */

type Leaked = (leak: Leak) => boolean;
const SETS: readonly ReadonlySet<Leak>[] = Array.from(
  { length: 2 ** LEAKS.length },
  (_, bits) => new Set(LEAKS.filter((_leak, i) => (bits >> i) & 1)),
);

/** The broker's lock, opened: by its code while it runs, or by storage and root key together. */
const opensBroker = (has: Leaked): boolean => has("live broker") || (has("database") && has("root key"));
const sees = (has: Leaked): boolean => has("live broker") || has("traffic");
/** A grant that allows sealed mode has left an envelope somewhere. */
const reachesToken = (has: Leaked): boolean => opensBroker(has) && (sees(has) || has("terminal"));

/** What may follow from a set of leaks, and nothing else. */
const TABLE: Readonly<Record<Modes, Readonly<Record<Goal, (has: Leaked) => boolean>>>> = {
  both: {
    token: reachesToken,
    plain: (has) => reachesToken(has) || (has("terminal") && has("reach")),
    sensitive: (has) => reachesToken(has) || (has("terminal") && has("reach")),
    ask: (has) => reachesToken(has) || (has("terminal") && has("reach") && has("browser profile")),
    denied: reachesToken,
    // Whoever reads the response key out of a request and signs as who answers it is who answers it.
    "false sealed answer": (has) =>
      opensBroker(has) && sees(has) && (has("signing key") || has("live broker")),
    "false relayed answer": (has) => has("browser profile") && sees(has),
  },
  relay: {
    token: () => false,
    plain: (has) => has("terminal") && (has("reach") || has("live broker")),
    sensitive: (has) => has("terminal") && (has("reach") || has("live broker")),
    ask: () => false,
    denied: () => false,
    "false sealed answer": () => false,
    "false relayed answer": (has) => has("browser profile") && sees(has),
  },
};

const nameOf = (leaks: ReadonlySet<Leak>): string => [...leaks].join(" + ") || "nothing";

/** Every place where the model and the table differ, `leaks → goal`. */
function differences(w: World): string[] {
  return SETS.flatMap((leaks) => {
    const got = reached(w, attack(w, leaks));
    return GOALS.filter((goal) => got.has(goal) !== TABLE[w.modes][goal]((leak) => leaks.has(leak))).map(
      (goal) => `${nameOf(leaks)} → ${goal}`,
    );
  });
}

describe.each<Modes>(["both", "relay"])("a grant with modes %s", (modes) => {
  it("D-25: gives to each set of leaks what the table says, and no more", (context) => {
    expect(differences(worldOf(modes))).toEqual([]);
    measured(context, `${SETS.length} sets of leaks, ${GOALS.length} goals each`);
  });
});

describe("enrolment of a member", () => {
  it("D-25: shows the token to whoever opens the broker and saw it, in relay mode too, and to nobody else", () => {
    const w = worldOf("relay", { member: true });
    const wrong = SETS.filter((leaks) => {
      const has: Leaked = (leak) => leaks.has(leak);
      return reached(w, attack(w, leaks)).has("token") !== (opensBroker(has) && sees(has));
    });
    expect(wrong.map(nameOf)).toEqual([]);
  });
});

describe("time", () => {
  it("D-25: when an epoch key has been destroyed, nothing that was stored or recorded opens the token", () => {
    const w = worldOf("both", { later: true });
    const all = new Set(LEAKS.filter((leak) => leak !== "live broker" && leak !== "reach"));
    expect([...reached(w, attack(w, all))]).toEqual(["false relayed answer"]);
    expect(reached(worldOf("both"), attack(worldOf("both"), all))).toContain("token");
  });
});

/** Each with the fewest leaks that make an attack of it, and what they then reach. */
const FLAWS: readonly [Flaw, Modes, readonly Leak[], Goal][] = [
  ["no inner lock", "both", ["terminal", "database"], "token"],
  ["no inner lock", "both", ["terminal", "traffic"], "token"],
  ["no outer lock", "both", ["database", "root key"], "token"],
  ["epoch key stored in the clear", "both", ["database", "traffic"], "token"],
  ["epoch key stored in the clear", "both", ["database", "terminal"], "token"],
  ["answer sealed to the device's own key", "both", ["terminal", "traffic"], "plain"],
  ["answer sealed to the device's own key", "relay", ["terminal", "traffic"], "ask"],
  ["answer not signed", "both", ["database", "root key", "traffic"], "false sealed answer"],
  ["inner lock not bound to the grant", "both", ["terminal", "browser profile", "reach"], "denied"],
  ["inner lock bound to nobody", "both", ["terminal", "reach"], "denied"],
  ["policy not checked by the broker", "both", ["terminal", "reach"], "denied"],
  ["policy not checked by the broker", "both", ["terminal", "reach"], "ask"],
  ["proof does not cover the body", "relay", ["traffic", "reach"], "plain"],
  ["extension believes the broker's digest", "relay", ["live broker"], "plain"],
  ["approval for any key", "both", ["terminal", "traffic", "reach"], "ask"],
  ["keyset not pinned", "both", ["traffic"], "token"],
];

describe("one binding left out", () => {
  it.each(FLAWS)("D-25: %s (%s): %j reach %s", (flaw, modes, leaks, goal) => {
    const set = new Set(leaks);
    const flawed = worldOf(modes, { flaws: [flaw] });
    expect(reached(flawed, attack(flawed, set))).toContain(goal);
    expect(reached(worldOf(modes), attack(worldOf(modes), set))).not.toContain(goal);
    // and with one leak fewer there is no attack: these are all it takes
    for (const leak of leaks) {
      const fewer = new Set(leaks.filter((other) => other !== leak));
      expect(reached(flawed, attack(flawed, fewer)), `without ${leak}`).not.toContain(goal);
    }
    expect(differences(flawed).length).toBeGreaterThan(0);
  });
});
