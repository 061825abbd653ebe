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

/** What stands in a member of this name, where its schema takes it. */
export type Known = Readonly<Record<string, unknown>>;

const KNOWN: Known = {
  account: "999999999999",
  accounts: ["999999999999"],
  role: "S3Admin",
  roles: ["S3Admin"],
  format: "sh",
  theme: "dark",
  words: "apple banana cherry",
  startUrl: "https://acme.awsapps.com/start",
  region: "us-east-1",
  lifetimeSeconds: 3_600,
  name: "hostile",
  generation: "gen1",
  destination: "https://us-east-1.console.aws.amazon.com/s3/home",
  code: "jcb1_AAAA",
  digits: "42",
};

/** What to try where no name tells. */
const ANYTHING = [
  true,
  1,
  60,
  3_600,
  null,
  "x",
  "42",
  "*",
  "https://acme.awsapps.com",
  "A".repeat(43),
  "DE",
  "192.0.2.0/24",
  "jcm1_AAAA",
];

type Schema = v.GenericSchema & {
  readonly entries?: Record<string, Schema>;
  readonly item?: Schema;
  readonly wrapped?: Schema;
  readonly options?: readonly unknown[];
};

function sample(schema: Schema, known: Known, name: string): unknown {
  const given = known[name];
  if (given !== undefined && v.is(schema, given)) return given;
  const { entries, item, wrapped, options = [] } = schema;
  if (wrapped) return sample(wrapped, known, name);
  if (entries)
    return Object.fromEntries(
      Object.entries(entries).map(([key, entry]) => [key, sample(entry, known, key)]),
    );
  if (item) return [sample(item, known, name)];
  const inner = options.map((one) => (typeof one === "object" ? sample(one as Schema, known, name) : one));
  return [...inner, ...ANYTHING].find((candidate) => v.is(schema, candidate));
}

const letter = ({ verb, request }: Message, known: Known): Letter => ({
  verb,
  body: sample(request as Schema, known, ""),
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
