import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeWhole } from "../config/replace-file.ts";
import { membersIn } from "../json.ts";
import { AS_THEY_ARE, type Lines } from "./lines.ts";
import { type AgentPlace, pipeKeyFile } from "./place.ts";

/*
 * [AG21] On Windows anybody may make a pipe of any name, and nothing shows a program whose it is. So what client and agent say there
 * is sealed under a key that lies in the user's own folder: who has it not learns nothing, and is not believed.
 */

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = "aes-256-gcm";

/** Those of a client. An answer is bound to its request, so that none serves another. */
export function clientLines(key: Buffer): Lines {
  let asked = "";
  return {
    out(line) {
      const box = seal(key, "request", line);
      asked = box;
      return JSON.stringify({ sealed: box });
    },
    in: (line) => open(key, answerTo(asked), boxIn(line)),
  };
}

/** Those of an agent, once it has heard a line that may be sealed. One that is not is read as it is: the system keeps others from writing. */
export function agentLines(key: Buffer, heard: string): Lines {
  const asked = boxIn(heard);
  if (asked === undefined) return AS_THEY_ARE;
  return {
    out: (line) => JSON.stringify({ sealed: seal(key, answerTo(asked), line) }),
    in: () => open(key, "request", asked),
  };
}

const answerTo = (request: string): string => `answer to ${request}`;

function seal(key: Buffer, what: string, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(what));
  const box = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return box.toString("base64url");
}

function open(key: Buffer, what: string, sealed: string | undefined): string | undefined {
  const box = Buffer.from(sealed ?? "", "base64url");
  if (box.length < IV_BYTES + TAG_BYTES) return undefined;
  const [iv, rest, tag] = [
    box.subarray(0, IV_BYTES),
    box.subarray(IV_BYTES, -TAG_BYTES),
    box.subarray(-TAG_BYTES),
  ];
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(what)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(rest), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function boxIn(line: string): string | undefined {
  const { sealed } = membersIn(line);
  return typeof sealed === "string" ? sealed : undefined;
}

/** @returns `undefined` where no agent of this user has been yet. */
export function readPipeKey(place: AgentPlace): Buffer | undefined {
  try {
    const key = Buffer.from(readFileSync(pipeKeyFile(place), "utf8"), "base64url");
    return key.length === KEY_BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The one there is, or a new one. @returns `undefined` where none can be kept: then there can be no agent. */
export async function makePipeKey(place: AgentPlace): Promise<Buffer | undefined> {
  const kept = readPipeKey(place);
  if (kept) return kept;
  const key = randomBytes(KEY_BYTES);
  const text = Buffer.from(key.toString("base64url"));
  const written = await writeWhole(pipeKeyFile(place), text, { mode: 0o600, durable: false });
  return written.ok ? key : undefined;
}
