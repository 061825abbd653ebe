import { describe, expect, it } from "vitest";
import { runVectors } from "../vectors/run.ts";
import { RUNTIMES, readVectors } from "../vectors/runtimes.ts";

describe("the vectors of jc1", () => {
  it.each(Object.entries(RUNTIMES))("[DC1] [DC2] [DC4] hold in %s", async (_, run) => {
    const { checks, failures } = await run();
    expect(failures).toEqual([]);
    expect(checks).toBeGreaterThan(200);
  });

  it("[DC1] [DC2] [DC4] fail when one vector is damaged", async () => {
    const vectors = await readVectors();
    const [first, ...rest] = vectors.seals;
    const { failures } = await runVectors({
      ...vectors,
      seals: [{ ...first!, plaintext: "another" }, ...rest],
    });
    expect(failures).toEqual([`seal ${first!.purpose}`]);
  });
});
