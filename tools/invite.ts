/** `npm run invite`: a one-use code for one extension, made with the key that `npm run deploy` kept on this computer. */
import { parseArgs } from "node:util";
import { fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { encodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { encodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import { Secret } from "@jcfetch/shared/secret";
import { toSeconds } from "@jcfetch/shared/time";
import { ENROLMENT_SECONDS, makeEnrolmentToken } from "../worker/src/broker/enrolment-token.ts";
import { keptFile, readKept } from "./deploy/kept.ts";
import { refusal } from "./deploy/refusal.ts";
import { readSettings, SETTINGS_FILE, urlOf, Wrong } from "./deploy/settings.ts";
import { say } from "./lib/report.ts";

const USAGE = `npm run invite -- [--address] [--settings FILE]

  --address        the code that an organization publishes for its members, which holds no secret, instead of an invite
  --settings FILE  another file than ${SETTINGS_FILE}

A one-use code for one person, made with the key that npm run deploy has kept on this computer.`;

/** @throws Wrong */
async function invite(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h", default: false },
      address: { type: "boolean", default: false },
      settings: { type: "string", default: SETTINGS_FILE },
    },
  });
  if (values.help) {
    say(USAGE);
    return;
  }
  const settings = readSettings(values.settings);
  const kept = readKept(settings.host);
  if (!kept)
    throw new Wrong(
      `${keptFile(settings.host)} is not there: run this where the broker was first deployed, or bring that file here`,
    );
  const at = { bid: kept.bid, url: urlOf(settings) };
  if (values.address) {
    say(await encodeBrokerAddress(at));
    return;
  }
  const key = new Secret<Uint8Array>(fromBase64url(kept.enrolmentKey.reveal())!);
  const token = await makeEnrolmentToken(key, toSeconds(Date.now()));
  say(await encodeEnrolmentCode({ ...at, token }));
  say(`For one person, once, within ${ENROLMENT_SECONDS / 60} minutes: in the extension, Terminals.`);
}

try {
  await invite();
} catch (error) {
  say(refusal(error));
  process.exitCode = 2;
}
