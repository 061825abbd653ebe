/** `npm run invite`: a one-use code for one extension, made with the key that `npm run deploy` kept on this computer. */
import { parseArgs } from "node:util";
import { fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { encodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { encodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import { Secret } from "@jcfetch/shared/secret";
import { toSeconds } from "@jcfetch/shared/time";
import { ENROLMENT_SECONDS, makeEnrolmentToken } from "../worker/src/broker/enrolment-token.ts";
import { keptFile, readKept } from "./deploy/kept.ts";
import { readSettings, SETTINGS_FILE, urlOf, Wrong } from "./deploy/settings.ts";
import { say } from "./lib/report.ts";

/** @throws Wrong */
async function invite(): Promise<void> {
  const { values } = parseArgs({
    options: {
      address: { type: "boolean", default: false },
      settings: { type: "string", default: SETTINGS_FILE },
    },
  });
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
  if (!(error instanceof Wrong) && !(error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS"))
    throw error;
  say((error as Error).message);
  process.exitCode = 2;
}
