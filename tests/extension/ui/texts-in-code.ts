/* What a look at the code of a component tells about its words. */

export interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

interface Quasi {
  readonly value: { readonly cooked: string };
}

/** Every string of a program; a template as a pattern of what it can become. */
export function stringsIn(node: Node): (string | RegExp)[] {
  const inner = childrenOf(node).flatMap(stringsIn);
  if (node.type === "Literal" && typeof node.value === "string") return [node.value, ...inner];
  if (node.type !== "TemplateLiteral") return inner;
  const pieces = (node.quasis as readonly Quasi[]).map(({ value }) => escaped(value.cooked));
  const whole = pieces.join("[A-Za-z0-9]+");
  return /^[a-z]+\\\./i.test(whole) ? [new RegExp(`^${whole}$`), ...inner] : inner;
}

const SPOKEN = new Set(["title", "aria-label", "placeholder", "alt", "label"]);
/** What stands in these is not language: commands and keys. */
const NOT_WORDS = new Set(["code", "kbd", "pre"]);
const WORDS = /\p{L}{2,}/u;
/** Called the same in every language. */
const NAMES = new Set(["jcfetch", "JumpCloud"]);

interface Name {
  readonly name: string;
}

/** Words that an expression puts on the page as they are: not what it calls, compares or looks up. */
function literal(node: Node): string[] {
  switch (node.type) {
    case "JSXExpressionContainer":
      return literal(node.expression as Node);
    case "ConditionalExpression":
      return [node.consequent, node.alternate].flatMap((branch) => literal(branch as Node));
    case "LogicalExpression":
      return literal(node.right as Node);
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [];
    case "TemplateLiteral":
      return (node.quasis as readonly Quasi[]).map(({ value }) => value.cooked);
    default:
      return [];
  }
}

function ownWords(node: Node): string[] {
  if (node.type === "JSXText") return [String(node.value)];
  if (node.type === "JSXAttribute") {
    const spoken = SPOKEN.has((node.name as unknown as Name).name);
    return spoken && isNode(node.value) ? literal(node.value) : [];
  }
  if (node.type !== "JSXElement" && node.type !== "JSXFragment") return [];
  const held = (node.children as readonly Node[]).filter(({ type }) => type === "JSXExpressionContainer");
  return held.flatMap(literal);
}

function isNotWords(node: Node): boolean {
  if (node.type !== "JSXElement") return false;
  const { name } = (node.openingElement as Node).name as unknown as Name;
  return NOT_WORDS.has(name);
}

/** Words in the drawing of components that came from no locale. */
export function wordsShown(node: Node): string[] {
  if (isNotWords(node)) return [];
  const own = ownWords(node).map((text) => text.trim());
  return [
    ...own.filter((text) => WORDS.test(text) && !NAMES.has(text)),
    ...childrenOf(node).flatMap(wordsShown),
  ];
}
