import { encode } from "uqr";
import { describe, expect, it } from "vitest";
import { qrCode } from "../../../cli/src/sign-in/qr-code.ts";

const ADDRESS = "https://ssoins-7223a1b2c3d4e5f6.portal.us-east-1.app.aws/#/device?user_code=ABCD-EFGH";

/** The modules as a camera sees them: dark where a half block is printed. */
function modulesOf(picture: string): boolean[][] {
  return picture.split("\n").flatMap((line) => {
    const cells = [...line.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g"), "")];
    return [cells.map((cell) => "█▀".includes(cell)), cells.map((cell) => "█▄".includes(cell))];
  });
}

describe("the picture of an address", () => {
  it("[DM4] shows every module of the code, with a light margin of two all around", () => {
    const picture = qrCode(ADDRESS, 80)!;
    const modules = modulesOf(picture);
    const { data, size } = encode(ADDRESS, { ecc: "L", border: 2 });
    expect(modules.slice(0, size)).toEqual(data);
    for (const edge of [0, 1, size - 2, size - 1]) {
      expect(modules[edge]).not.toContain(true);
      expect(modules.slice(0, size).map((row) => row[edge])).not.toContain(true);
    }
    // The three corners by which a scanner finds it.
    for (const [y, x] of [
      [2, 2],
      [2, size - 9],
      [size - 9, 2],
    ] as const) {
      expect(modules[y]!.slice(x, x + 7)).not.toContain(false);
    }
  });

  it("[DM4] is left away where it does not fit", () => {
    const { size } = encode(ADDRESS, { ecc: "L", border: 2 });
    expect(qrCode(ADDRESS, size - 1)).toBeUndefined();
    expect(qrCode(ADDRESS, size)).toBeDefined();
  });
});
