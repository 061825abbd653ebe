import { expect, it } from "vitest";
import { codeUnder, read } from "./tree.ts";

/** What Node 20 has not, and the Node that runs the tests has. @source node.green; Node's own change logs. */
const NEWER =
  /\bPromise\.(?:withResolvers|try)\b|\bArray\.fromAsync\b|\b(?:Object|Map)\.groupBy\b|\bRegExp\.escape\b|\bError\.isError\b|\b(?:fromBase64|fromHex|toBase64|toHex)\(|\bglobSync\b|\bimport\.meta\.main\b|\.(?:isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\(|\bIterator\.from\b|\.(?:values|keys|entries)\(\)\.(?:map|filter|flatMap|take|drop|toArray|some|every|find|reduce)\(/;

it("the command line asks of Node nothing that Node 20 has not", () => {
  const found = codeUnder("cli/src", "shared/src").filter((path) => NEWER.test(read(path)));
  expect(found).toEqual([]);
});
