import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readBundles } from "../../../cli/src/net/authorities.ts";

it("[CF2] [CL6] waits for nobody who might write certificates into a pipe", async () => {
  const folder = mkdtempSync(join(tmpdir(), "jcfetch-"));
  try {
    const path = join(folder, "ca.pem");
    execFileSync("mkfifo", [path]);
    const title = `cannot read certificates from ${path} (it is not a regular file), which AWS_CA_BUNDLE names`;
    expect(await readBundles([{ path, namedBy: "AWS_CA_BUNDLE" }])).toMatchObject({
      ok: false,
      error: { code: "cannot-read", title },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
