/**
 * Renders the toolbar icons: `extension/src/ui/brand/*.svg` to PNGs of every size the browsers ask for. The PNGs are
 * committed, so this runs only when a drawing changes: `node tools/icons.ts`, with Chromium installed.
 */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const SIZES = [16, 32, 48, 128];
const source = new URL("../extension/src/ui/brand/", import.meta.url);
const target = new URL("../extension/public/icons/", import.meta.url);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
await mkdir(target, { recursive: true });
for (const file of await readdir(source)) {
  const svg = await readFile(new URL(file, source), "utf8");
  for (const size of SIZES) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const sized = svg.replace("<svg ", `<svg width="${size}" height="${size}" style="display:block" `);
    await page.setContent(`<body style="margin:0;background:transparent">${sized}`);
    const path = fileURLToPath(new URL(`${file.replace(".svg", "")}-${size}.png`, target));
    await page.screenshot({ path, omitBackground: true });
    await page.close();
  }
}
await browser.close();
