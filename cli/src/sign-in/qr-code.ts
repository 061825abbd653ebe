import { encode } from "uqr";

/** What scanners want around it. @source ISO/IEC 18004: four modules. Two do on a screen, and leave the terminal its lines. */
const MARGIN = 2;

/**
 * An address as a picture of half blocks, two rows of modules in a line. Printed dark on light whatever the terminal's colors
 * are, as half the scanners do not read it the other way round.
 *
 * @returns `undefined` when the terminal is too narrow.
 */
export function qrCode(text: string, columns: number): string | undefined {
  const { data, size } = encode(text, { ecc: "L", border: MARGIN });
  if (size > columns) return undefined;
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    const cells = Array.from({ length: size }, (_, x) => {
      const [upper, lower] = [data[y]![x]!, data[y + 1]?.[x] ?? false];
      return upper ? (lower ? "█" : "▀") : lower ? "▄" : " ";
    });
    lines.push(`\u001b[30;107m${cells.join("")}\u001b[0m`);
  }
  return lines.join("\n");
}
