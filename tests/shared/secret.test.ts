import { inspect } from "node:util";
import { Secret } from "@jcfetch/shared/secret";
import { expect, it } from "vitest";

it("a secret does not show in any text that is made of it", () => {
  const secret = new Secret("wJalrXUtnFEMI");
  const texts = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify(structuredClone({ ...secret })),
  ];
  for (const text of texts) expect(text).not.toContain("wJalr");
  expect(secret.reveal()).toBe("wJalrXUtnFEMI");
});
