import { readFileSync } from "node:fs";
import { Window } from "happy-dom";

export type FixtureName = "gen1" | "gen2" | "gen3" | "unknown";

export const readFixture = (name: FixtureName): string =>
  readFileSync(new URL(`../../fixtures/portal/${name}.html`, import.meta.url), "utf8");

/** A drawn portal page as a document. */
export function loadFixture(name: FixtureName): Document {
  const window = new Window({ url: "https://acme.awsapps.com/start" });
  window.document.write(readFixture(name));
  return window.document as unknown as Document;
}
