/**
 * Takes a picture of every story, light and dark, for people to look at:
 * `node tests/extension/ui/shoot.ts [folder] [story…]` (folder: `artifacts/popup`).
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { STORIES } from "./stories.ts";

const [folder = "artifacts/popup", ...only] = process.argv.slice(2);
const work = await mkdtemp(join(tmpdir(), "jcfetch-stories-"));
await build({
  entryPoints: ["stage.tsx", "stage.css"].map((file) => fileURLToPath(new URL(file, import.meta.url))),
  bundle: true,
  outdir: work,
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "error",
});
await writeFile(
  join(work, "stage.html"),
  '<!doctype html><html lang="en"><link rel="stylesheet" href="stage.css"><body><script src="stage.js"></script>',
);
await mkdir(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const shots = Object.keys(STORIES)
  .filter((story) => only.length === 0 || only.includes(story))
  .flatMap((story) =>
    ["light", "dark"].map((theme) => ({ story, theme, page: "popup", width: 400, height: 560 })),
  );
if (only.length === 0) {
  for (const theme of ["light", "dark"])
    shots.push({ story: "terminals", theme, page: "options", width: 800, height: 1400 });
}
/** What a person has done before the picture, in the stories that begin with it. */
const ACTS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async "pair-review"(page) {
    for (const at of [0, 2, 5]) await page.locator("label.tick").nth(at).click();
    await page.getByText("Or a rule for many roles").click();
    await page.getByLabel("Pattern for roles").fill("S3*");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("button", { name: "Review" }).click();
    await page
      .getByRole("button", { name: /^Ask me each time for AdministratorAccess/ })
      .first()
      .click();
    const browserOnly = page.getByRole("button", { name: /^PowerUser only while/ }).first();
    if (await browserOnly.isVisible()) await browserOnly.click();
    await page.getByText("More", { exact: true }).click();
  },
};
const actsOf = (story: string) => Object.keys(ACTS).filter((name) => story.startsWith(name));

for (const { story, theme, page: kind, width, height } of shots) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2 });
  page.on("pageerror", (error) => process.stderr.write(`${story}: ${error.message}\n`));
  await page.goto(`${pathToFileURL(join(work, "stage.html"))}#${story}/${theme}/${kind}`);
  for (const name of actsOf(story)) await ACTS[name]!(page);
  await page.screenshot({ path: join(folder, `${kind}-${story}-${theme}.png`) });
  await page.close();
}
await browser.close();
await rm(work, { recursive: true });
