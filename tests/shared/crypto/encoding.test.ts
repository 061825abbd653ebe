import { base64url, fromBase64url } from "@jcfetch/shared/crypto/encoding";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("base64url", () => {
  it("writes what Node writes, and reads it back, of any length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = base64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(fromBase64url(text)).toEqual(new Uint8Array(bytes));
      }),
    );
    const long = new Uint8Array(100_003).map((_, i) => i * 7);
    expect(base64url(long)).toBe(Buffer.from(long).toString("base64url"));
    expect(fromBase64url(base64url(long))).toEqual(long);
  });

  it("reads of all texts of up to three characters, and of any ends of longer ones, only what it would have written", () => {
    const ends = ["", ...ALPHABET].flatMap((a) =>
      ["", ...ALPHABET].flatMap((b) => ["", "A", "Q", "_"].map((c) => a + b + c)),
    );
    for (const start of ["", "AbC_"]) {
      for (const end of ends) {
        const text = start + end;
        const bytes = Buffer.from(text, "base64url");
        const isCanonical = text.length % 4 !== 1 && bytes.toString("base64url") === text;
        expect(fromBase64url(text), text).toEqual(isCanonical ? new Uint8Array(bytes) : undefined);
      }
    }
  });

  it.each(["A", "AA==", "AA=", "+/AA", "A A", "AAA\n", "ÄÄ", "AA.A", "AAAAA"])(
    "reads nothing in %j",
    (text) => {
      expect(fromBase64url(text)).toBeUndefined();
    },
  );
});
