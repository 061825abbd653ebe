/**
 * The beginning of a page that somebody else serves: what comes after that is not waited for, and the connection is closed.
 *
 * @param mostBytes that are read, but for the rest of the piece that they came in.
 */
export async function beginningOf(answer: Response, mostBytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop ends the reading.
  for await (const piece of answer.body ?? []) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, mostBytes).toString("utf8");
}
