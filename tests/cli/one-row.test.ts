import { describe, expect, it } from "vitest";
import { onOneRow } from "../../cli/src/io.ts";

describe("a line that the next one takes the place of", () => {
  it("stays as it is where it fits, the last column left free", () => {
    expect(onOneRow("reading …", 10)).toBe("reading …");
  });

  it("is cut to one row, and its clock stays", () => {
    const shown = onOneRow("waiting for you; a push is good for 60 seconds … 9:58 left", 40);
    expect(shown).toBe("waiting for you; a push is … 9:58 left");
    expect(shown.length).toBeLessThan(40);
    expect(onOneRow("looking at https://acme.awsapps.com/start …", 20)).toBe("looking at https:/…");
  });
});
