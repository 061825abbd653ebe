import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  copies,
  faces,
  HOSTS,
  type Host,
  type PortalPages,
  pressMain,
  pressMore,
  reuseRow,
  settle,
  startPortalPages,
  titleOf,
  untilButtons,
  untilCopies,
  untilFace,
  untilTitle,
} from "./portal-page.ts";

let pages: PortalPages;

beforeAll(async () => {
  pages = await startPortalPages();
}, 60_000);
afterAll(() => pages.close());

describe.each(["gen2", "gen3"] as const)("on a page of %s", (fixture) => {
  test("every role has one button, in a closed root, and no row has moved for it", {
    timeout: 30_000,
  }, async () => {
    const page = await pages.open(fixture, false);
    await page.locator(HOSTS).nth(2).waitFor();
    expect(await page.locator(HOSTS).count()).toBe(3);
    expect(await page.evaluate((hosts) => document.querySelector(hosts)!.shadowRoot, HOSTS)).toBeNull();
    const row = fixture === "gen2" ? '[data-testid="role-list-item"]' : 'tr[aria-level="2"]';
    const heights = () =>
      page.evaluate(
        (rows) => [...document.querySelectorAll(rows)].map((each) => each.getBoundingClientRect().height),
        row,
      );
    const withButtons = await heights();
    await page.evaluate(() => window.remembered.invalidate());
    expect(await page.locator(HOSTS).count()).toBe(0);
    expect(await heights()).toEqual(withButtons);
    await page.close();
  });

  test("a click copies the row's role and shows for how long it is valid", { timeout: 30_000 }, async () => {
    const page = await pages.openSettled(fixture);
    await pressMain(page, 2);
    await untilFace(page, "59 m", 2);
    expect(await copies(page)).toEqual([{ account: "444455556666", role: "PowerUser", format: "sh" }]);
    await page.close();
  });

  test("[PB1] it works by keyboard alone, menu included", { timeout: 30_000 }, async () => {
    const page = await pages.openSettled(fixture);
    await page.evaluate(
      (hosts) => document.querySelector<Host>(hosts)!.inside!.querySelector<HTMLElement>(".main")!.focus(),
      HOSTS,
    );
    await page.keyboard.press("Enter");
    await untilCopies(page, 1);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await untilCopies(page, 2);
    expect((await copies(page)).map(({ format }) => format)).toEqual(["sh", "fish"]);
    expect((await faces(page)).slice(1)).toEqual(["fish", "fish"]);
    expect(await page.evaluate(() => window.remembered.format)).toBe("fish");

    await page.keyboard.press("Enter");
    await page.keyboard.press("End");
    await page.keyboard.press("r");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.remembered.texts.length === 1);
    expect(await page.evaluate(() => window.remembered.texts)).toMatchObject([{ what: "role-arn" }]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.waitForFunction(
      (hosts) => !document.querySelector<Host>(hosts)!.inside!.querySelector(".menu"),
      HOSTS,
    );
    expect(await copies(page)).toHaveLength(2);
    await page.close();
  });

  test("[EX7] a row that the page gives to another role copies that role", { timeout: 30_000 }, async () => {
    const page = await pages.openSettled(fixture);
    await reuseRow(page, "Auditor");
    await untilTitle(page, "Auditor", 2);
    await settle(page);
    await pressMain(page, 2);
    await untilCopies(page, 1);
    expect(await copies(page)).toMatchObject([{ role: "Auditor" }]);
    await page.close();
  });
});

describe("[EX7] the page gives a row to another role", () => {
  test("while its copy is under way: the button says which role was copied", {
    timeout: 30_000,
  }, async () => {
    const page = await pages.openSettled("gen3");
    await page.evaluate(() => window.remembered.hold());
    await pressMain(page, 2);
    await untilCopies(page, 1);
    await reuseRow(page, "S3Admin");
    await untilFace(page, "PowerUser", 2);
    await page.evaluate(() => window.remembered.release());
    await untilTitle(page, "Copied", 2);
    expect(await titleOf(page, 2)).toContain("Copied PowerUser in 444455556666");
    expect(await titleOf(page, 2)).not.toContain("S3Admin");
    expect((await faces(page))[2]).toBe("PowerUser");
    await page.close();
  });

  test("while its menu is open: choosing a format in it copies nothing, and the menu is gone", {
    timeout: 30_000,
  }, async () => {
    const page = await pages.openSettled("gen3");
    await pressMore(page, 2);
    // In one task, so that the press comes before the page is looked at again; the guard sees a press by a person.
    await page.evaluate((hosts) => {
      const menu = document.querySelectorAll<Host>(hosts)[2]!.inside!.querySelector(".menu")!;
      menu.addEventListener(
        "click",
        () => {
          const link = document.querySelector('a[href*="role_name=PowerUser"]')!;
          link.setAttribute("href", "#/console?account_id=444455556666&role_name=S3Admin");
          link.textContent = "S3Admin";
        },
        { capture: true },
      );
    }, HOSTS);
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (hosts) => !document.querySelectorAll<Host>(hosts)[2]!.inside!.querySelector(".menu"),
      HOSTS,
    );
    await untilTitle(page, "S3Admin", 2);
    expect(await copies(page)).toEqual([]);
    expect((await faces(page))[2]).toBe("bash");
    await page.close();
  });

  test("under the pointer: the press counts only when that role has stood there for a while", {
    timeout: 30_000,
  }, async () => {
    const page = await pages.openSettled("gen3");
    await page.evaluate(() => {
      window.remembered.nowMs = Date.now();
    });
    await reuseRow(page, "S3Admin");
    await untilTitle(page, "S3Admin", 2);
    await pressMain(page, 2);
    await untilFace(page, "not copied", 2);
    await page.evaluate(() => {
      window.remembered.nowMs! += 300;
    });
    await pressMain(page, 2);
    await untilCopies(page, 1);
    expect(await copies(page)).toMatchObject([{ role: "S3Admin" }]);
    await page.close();
  });
});

test("rows that are drawn anew get their button again, and a collapsed account leaves none behind", {
  timeout: 30_000,
}, async () => {
  const page = await pages.openSettled("gen3");
  await page.evaluate(() => {
    const rows = [...document.querySelectorAll('tr[aria-level="2"]')];
    rows[0]!.replaceWith(rows[0]!.cloneNode(true));
    rows[2]!.remove();
  });
  await untilButtons(page, 2);
  await page.waitForFunction((hosts) => document.querySelector<Host>(hosts)?.inside !== undefined, HOSTS);
  expect(await faces(page)).toEqual(["bash", "bash"]);
  await page.close();
});

test("a refusal is shown in a word, with its reason and the next step on hover", {
  timeout: 30_000,
}, async () => {
  const page = await pages.openSettled("gen3");
  await page.evaluate(() => {
    window.remembered.answer = "signed-out";
  });
  await pressMain(page);
  await untilFace(page, "signed out");
  expect(await titleOf(page)).toBe("it was refused → do this");
  await page.close();
});

test("signing out takes the buttons away, coming back brings them", { timeout: 30_000 }, async () => {
  const page = await pages.openSettled("gen3");
  await page.evaluate(() => {
    location.hash = "#/signout";
  });
  await untilButtons(page, 0);
  await page.evaluate(() => {
    location.hash = "#/";
  });
  await untilButtons(page, 3);
  await page.close();
});

describe("the buttons follow the page from light to dark", () => {
  const untilDark = (page: Awaited<ReturnType<PortalPages["open"]>>, dark: boolean) =>
    page.waitForFunction(
      ([hosts, wanted]) =>
        [...document.querySelectorAll<Host>(hosts)].every(
          ({ inside }) =>
            (getComputedStyle(inside!.querySelector(".text")!).color === "rgb(233, 235, 237)") === wanted,
        ),
      [HOSTS, dark] as const,
    );

  test("when the system's theme changes", { timeout: 30_000 }, async () => {
    const page = await pages.openSettled("gen3");
    await page.addStyleTag({
      content: "@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }",
    });
    await untilDark(page, false);
    await page.emulateMedia({ colorScheme: "dark" });
    await untilDark(page, true);
    await page.emulateMedia({ colorScheme: "light" });
    await untilDark(page, false);
    await page.close();
  });

  test("when the page's own switch is used", { timeout: 30_000 }, async () => {
    const page = await pages.openSettled("gen3");
    await page.addStyleTag({ content: "body.dark { background: #111; color: #eee }" });
    await page.evaluate(() => document.body.classList.add("dark"));
    await untilDark(page, true);
    await page.close();
  });
});

test("the page is reported once, with its region", { timeout: 30_000 }, async () => {
  const page = await pages.openSettled("gen3");
  expect(await page.evaluate(() => window.remembered.reports)).toEqual([
    { generation: "gen3", rows: 3, regionHints: ["us-east-1"] },
  ]);
  await page.close();
});

test("the menu stays in the window and copies in the format that was pressed", {
  timeout: 30_000,
}, async () => {
  const page = await pages.openSettled("gen2");
  await page.setViewportSize({ width: 500, height: 330 });
  await pressMore(page, 2);
  const box = await page.evaluate((hosts) => {
    const menu = document.querySelectorAll<Host>(hosts)[2]!.inside!.querySelector(".menu")!;
    const { left, top, right, bottom } = menu.getBoundingClientRect();
    return { left, top, right, bottom };
  }, HOSTS);
  expect(box.left).toBeGreaterThanOrEqual(0);
  expect(box.top).toBeGreaterThanOrEqual(0);
  expect(box.right).toBeLessThanOrEqual(500);
  await page.mouse.click(box.left + 40, box.top + 60);
  await untilCopies(page, 1);
  await page.close();
});
