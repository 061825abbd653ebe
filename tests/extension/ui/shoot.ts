/**
 * Takes a picture of every story, light and dark, for people to look at:
 * `node tests/extension/ui/shoot.ts [folder] [story…]` (folder: `artifacts/popup`). `LANGUAGE=de` for another language.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SHOWN, show, startStoryPages } from "./story-pages.ts";

const [folder = "artifacts/popup", ...only] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const SIZES = {
  popup: { width: 400, height: 560 },
  options: { width: 800, height: 1400 },
  panel: { width: 320, height: 800 },
  welcome: { width: 800, height: 760 },
} as const;

const stories = await startStoryPages();
const page = await stories.open(process.env.LANGUAGE ?? "en", { deviceScaleFactor: 2 });
for (const shown of SHOWN.filter(({ story }) => only.length === 0 || only.includes(story))) {
  await page.setViewportSize(SIZES[shown.page]);
  for (const theme of ["light", "dark"]) {
    await show(page, shown, theme);
    await page.screenshot({ path: join(folder, `${shown.page}-${shown.story}-${theme}.png`) });
  }
}
await stories.close();
