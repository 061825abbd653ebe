import { expect, it } from "vitest";
import type { BrowserName, Tab } from "../support/either-browser.ts";
import { copyButton, press } from "../support/person.ts";
import { call, hostilePortal, neighbor, ORIGIN, type Scene, settled } from "./d8-scene.ts";
import { everyLetter } from "./messages.ts";
import { measured } from "./scale.ts";

/*
 * The question before credentials of production: a page or a neighbor that would put it, answer it, or have another role
 * answered for.
 */

interface Question {
  readonly id: string;
  readonly account: string;
  readonly role: string;
}

/** A production account by its name, with two roles to mix up. */
function production({ journey }: Scene): { account: string; role: string; other: string } {
  const { accounts } = journey.sim.world.directory("globex").spec;
  const found = accounts.find(({ name, roles }) => / prod \d/.test(name ?? "") && roles.length > 1)!;
  return { account: found.id, role: found.roles[0]!.name, other: found.roles[1]!.name };
}

/** What a page of ours is told. */
const say = (scene: Scene, verb: string, body: object): Promise<unknown> =>
  scene.ours.evaluate(
    `(globalThis.browser ?? chrome).runtime.sendMessage(${JSON.stringify({ verb, body })})`,
  );

async function question(scene: Scene): Promise<Question | null> {
  const { value } = (await say(scene, "state", {})) as { value: { confirm: Question | null } };
  return value.confirm;
}

const credentials = ({ journey }: Scene): number => journey.sim.calls("GetRoleCredentials");

/** A person presses on a role, and is asked. */
async function asked(scene: Scene, portal: Tab, account: string, role: string): Promise<Question> {
  await portal.toFront();
  await press(portal.screen, copyButton(portal.screen, account, role));
  await expect.poll(() => question(scene)).toMatchObject({ account, role });
  return (await question(scene))!;
}

export function confirmVectors(name: BrowserName, sceneOf: () => Scene): void {
  it("D-8: no script has a production role asked for, and no real press on one that is covered", async () => {
    const scene = sceneOf();
    const { account, role } = production(scene);
    await using portal = await hostilePortal(scene, account, role);
    await using page = await scene.browser.openExtensionPage("page.html", neighbor);
    const before = await settled(scene);
    const { letters: messages } = everyLetter({ portal: ORIGIN, account, role });
    const target = { ...scene.target, messages, ports: [], paths: [] };
    await portal.evaluate("hostile.pollute()");
    expect(await call(portal, "hostile.attack", target)).toMatchObject({ got: [], answers: [] });
    const attacks: { clicked: number }[] = await call(page, "attackFromPortal", target);
    expect(attacks[0]!.clicked).toBeGreaterThanOrEqual(3);
    await portal.evaluate("hostile.cover()");
    await portal.toFront();
    await press(portal.screen, copyButton(portal.screen, account, role).first()); // before a forged one
    const { clipboard, credentials: given } = await settled(scene);
    expect({ clipboard, given }).toEqual({ clipboard: before.clipboard, given: before.credentials });
    expect(await question(scene)).toBeNull();
  });

  it("D-8: neither page nor neighbor answers the question, though they know its id", async (test) => {
    const scene = sceneOf();
    const { account, role } = production(scene);
    await using portal = await hostilePortal(scene, account, role);
    await using page = await scene.browser.openExtensionPage("page.html", neighbor);
    const given = credentials(scene);
    const open = await asked(scene, portal, account, role);
    const { letters } = everyLetter({ portal: ORIGIN, account, role, id: open.id });
    const messages = letters.filter(({ verb }) => verb.startsWith("confirm-"));
    expect(messages).toEqual(expect.arrayContaining([{ verb: "confirm-copy", body: { id: open.id } }]));
    const target = { ...scene.target, messages, paths: [] };
    expect(await call(portal, "hostile.attack", target)).toMatchObject({ got: [], answers: [] });
    expect(await call(page, "attack", target)).toEqual({ answers: [], found: [] });
    expect(await call(page, "attackFromPortal", target)).toMatchObject([{ answers: [] }]);
    expect(await question(scene)).toEqual(open);
    expect(credentials(scene)).toBe(given);
    // Live: a page of ours gets an answer, and with it the question is gone.
    expect(await say(scene, "confirm-drop", { id: open.id })).toMatchObject({ ok: true });
    expect(await question(scene)).toBeNull();
    measured(test, `${name}: ${messages.length} messages with a live id in 3 ways, 0 answers`);
  });

  it("D-8: what is copied is what the card names: not what the page shows by then, and half an answer is none for another role", async () => {
    const scene = sceneOf();
    const { account, role, other } = production(scene);
    await using portal = await hostilePortal(scene, account, role);
    const popup = await scene.journey.browser.openPopup();
    /** The card takes no press in its first moment, and no second one right after the first: a person presses once more. */
    const pressUntil = async (over: () => Promise<boolean>): Promise<void> => {
      const box = await card.locator("button.hold").boundingBox();
      while (!(await over())) await popup.mouse.click(box!.x + box!.width / 2, box!.y + box!.height / 2);
    };
    const card = popup.getByRole("alertdialog", { name: "Copy production credentials?" });
    const hold = card.getByRole("button", { name: "Hold to copy" });
    const again = card.getByRole("button", { name: "Press again" });
    const given = credentials(scene);

    const first = await asked(scene, portal, account, role);
    await popup.bringToFront();
    await card.waitFor();
    await pressUntil(() => again.isVisible());
    const second = await asked(scene, portal, account, other);
    await popup.bringToFront();
    await hold.waitFor();
    expect(await card.textContent()).toContain(other);
    expect(await say(scene, "confirm-copy", { id: first.id })).toMatchObject({
      problem: { code: "confirm-over" },
    });
    expect(await question(scene)).toEqual(second);
    expect(credentials(scene)).toBe(given);

    // From here on every link of the page names the first role.
    await portal.evaluate(`for (const link of document.querySelectorAll('[data-testid="federation-link"]'))
      link.href = link.href.replace(${JSON.stringify(other)}, ${JSON.stringify(role)})`);
    await pressUntil(() => again.isVisible());
    await pressUntil(async () => (await question(scene)) === null);
    await expect.poll(() => credentials(scene)).toBe(given + 1);
    expect(scene.journey.sim.world.credentials.all.at(-1)).toMatchObject({
      accountId: account,
      role: { name: other },
    });
    await say(scene, "clipboard-clear", {}); // or it would be cleared while another attack is looked at
    await popup.close();
  });
}
