/**
 * Takes a picture of every story, light and dark, for people to look at:
 * `node tests/extension/ui/shoot.ts [folder] [story…]` (folder: `artifacts/popup`).
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
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
for (const { story, theme, page: kind, width, height } of shots) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2 });
  page.on("pageerror", (error) => process.stderr.write(`${story}: ${error.message}\n`));
  await page.goto(`${pathToFileURL(join(work, "stage.html"))}#${story}/${theme}/${kind}`);
  await page.screenshot({ path: join(folder, `${kind}-${story}-${theme}.png`) });
  await page.close();
}
await browser.close();
await rm(work, { recursive: true });
