import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../../support/browser.ts";
import { STORIES } from "./stories.ts";

/* The drawn states in a real browser: for pictures, and for what only a layout can tell. */

export interface Shown {
  readonly story: string;
  readonly page: "popup" | "panel" | "options" | "welcome";
}

/** Every story as the popup; and where the settings show the same in another frame, as these. */
export const SHOWN: readonly Shown[] = [
  ...Object.keys(STORIES).map((story) => ({ story, page: "popup" }) as const),
  ...["terminals", "pair-words", "pair-choose", "first-run", "activity", "two-portals", "managed"].map(
    (story) => ({ story, page: "options" }) as const,
  ),
  // The same as the popup, beside a page and as narrow as browsers let it be.
  ...[
    "home",
    "search",
    "services",
    "terminals",
    "pair-choose",
    "pair-review",
    "approval",
    "first-run",
    "sessions",
  ].map((story) => ({ story, page: "panel" }) as const),
  ...["first-run", "permission", "signed-out", "home"].map((story) => ({ story, page: "welcome" }) as const),
];

export interface StoryPages {
  /** An empty page that shows stories in one language: a locale's name, `long` or `rtl`. */
  open(language: string, options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

export async function startStoryPages(): Promise<StoryPages> {
  const work = await mkdtemp(join(tmpdir(), "jcfetch-stories-"));
  await build({
    entryPoints: ["stage.tsx", "stage.css"].map((file) => fileURLToPath(new URL(file, import.meta.url))),
    bundle: true,
    outdir: work,
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "error",
  });
  const address = join(work, "stage.html");
  await writeFile(
    address,
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>jcfetch</title><link rel="stylesheet" href="stage.css"><body><script src="stage.js"></script>',
  );
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  return {
    async open(language, options = {}) {
      const page = await browser.newPage({ reducedMotion: "reduce", ...options });
      page.on("pageerror", (error) => process.stderr.write(`${error.message}\n`));
      await page.goto(`${pathToFileURL(address)}?${language}`);
      return page;
    },
    async close() {
      await browser.close();
      await rm(work, { recursive: true });
    },
  };
}

/** What a person has done before, in the stories that begin with it. */
const ACTS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async "pair-review"(page) {
    for (const at of [0, 2, 5]) await page.locator("label.tick").nth(at).click();
    await page.locator(".rules > summary").click();
    await page.locator(".rules input").fill("S3*");
    await page.locator(".rules .inline-form button").click();
    await page.locator(".approve-foot button").click();
    await page.locator(".toggle").first().waitFor();
    await page.locator(".toggle").nth(1).click();
    await page.locator(".toggle").nth(2).click();
    await page.locator(".more-terms > summary").click();
  },
};

export async function show(page: Page, { story, page: kind }: Shown, theme = "light"): Promise<void> {
  await page.evaluate(([name, color, frame]) => showStory(name, color, frame), [story, theme, kind] as const);
  for (const name of Object.keys(ACTS).filter((start) => story.startsWith(start))) await ACTS[name]!(page);
}

declare function showStory(story: string, theme: string, page: string): Promise<void>;
