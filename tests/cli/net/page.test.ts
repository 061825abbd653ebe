import { describe, expect, it } from "vitest";
import { beginningOf } from "../../../cli/src/net/page.ts";
import { findRegion } from "../../../cli/src/sources/portal-region.ts";

/** A page that does not end. */
function endless(start: string): { answer: Response; state: { pieces: number; left: boolean } } {
  const state = { pieces: 0, left: false };
  const piece = new TextEncoder().encode(start.padEnd(1_000, " "));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.pieces += 1;
      controller.enqueue(piece);
    },
    cancel() {
      state.left = true;
    },
  });
  return { answer: new Response(body), state };
}

describe("a page of somebody else's", () => {
  it("is read no further than it is looked at, and its connection is left", async () => {
    const { answer, state } = endless("begin");
    const text = await beginningOf(answer, 2_500);
    expect([text.length, text.slice(0, 5), state.left]).toEqual([2_500, "begin", true]);
    expect(state.pieces).toBeLessThan(6); // three, and what the stream holds ready
  });

  it("is taken whole where it is short, or empty", async () => {
    expect(await beginningOf(new Response("a page"), 100)).toBe("a page");
    expect(await beginningOf(new Response(null, { status: 302 }), 100)).toBe("");
  });

  it("[PR9] tells the portal's region also where it does not end", async () => {
    const { answer, state } = endless('<meta name="region" content="eu-west-1">');
    expect(await findRegion("https://acme.awsapps.com/start", async () => answer)).toBe("eu-west-1");
    expect(state.left).toBe(true);
  });
});
