import * as v from "valibot";
import { CLIPBOARD_PORT } from "../../extension/src/messaging/clipboard.ts";
import { type Message, PAGE_MESSAGES, UI_MESSAGES } from "../../extension/src/messaging/messages.ts";

/*
 * Every message of the extension with a body it would accept, made from the schema: also of messages that come later.
 */

export interface Letter {
  readonly verb: string;
  readonly body: unknown;
}

/** What stands in a member of this name, where the schema asks for more than a type. */
export type Known = Readonly<Record<string, unknown>>;

const KNOWN: Known = {
  account: "999999999999",
  role: "S3Admin",
  format: "sh",
  theme: "dark",
  words: "apple banana cherry",
  startUrl: "https://acme.awsapps.com/start",
  region: "us-east-1",
  lifetimeSeconds: 3_600,
  name: "hostile",
  generation: "gen1",
  destination: "https://us-east-1.console.aws.amazon.com/s3/home",
};

interface Node {
  readonly type: string;
  readonly entries?: Record<string, Node>;
  readonly item?: Node;
  readonly wrapped?: Node;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
}

function sample(node: Node, known: Known, name: string): unknown {
  const given = known[name];
  if (given !== undefined && !node.entries && !node.item) return given;
  if (node.wrapped) return sample(node.wrapped, known, name);
  if (node.entries)
    return Object.fromEntries(
      Object.entries(node.entries).map(([key, entry]) => [key, sample(entry, known, key)]),
    );
  if (node.item) return [sample(node.item, known, name)];
  if (node.type === "picklist") return node.options?.[0];
  if (node.type === "boolean") return true;
  return node.type === "number" ? 1 : "x";
}

const letter = ({ verb, request }: Message, known: Known): Letter => ({
  verb,
  body: sample(request as unknown as Node, known, ""),
});

/** @param known what is true in this world: portal, did, code. */
export function everyLetter(known: Known): { letters: Letter[]; unreadable: string[] } {
  const all = [...Object.values(PAGE_MESSAGES), ...Object.values(UI_MESSAGES)] as Message[];
  const whole = { ...KNOWN, ...known };
  const letters = all.map((message) => letter(message, whole));
  const unreadable = all.filter(({ request }, i) => !v.is(request, letters[i]!.body)).map(({ verb }) => verb);
  return { letters, unreadable };
}

/** Names under which a port could be opened. */
export const PORTS = [CLIPBOARD_PORT, "", "popup", "relay"];
/** Pages and files of the extension. */
export const PATHS = [
  "popup.html",
  "options.html",
  "offscreen.html",
  "background.js",
  "manifest.json",
  "icons/live-16.png",
];
