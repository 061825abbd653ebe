import { encodeSetupCode } from "@jcfetch/shared/protocol/setup";
import { readSettings } from "./files.ts";
import {
  type BrokerSecrets,
  brokerIdFrom,
  newEnrolmentCode,
  newEnrolmentToken,
  newMailboxId,
} from "./keys.ts";
import { Refused } from "./refused.ts";
import { storeOf } from "./run.ts";

interface Kept {
  readonly secrets: BrokerSecrets;
  readonly url: string;
}

/** @throws Refused */
async function open(stateDir: string, folder: string): Promise<Kept> {
  const settings = await readSettings(stateDir);
  if (!settings) throw new Refused("no-keys", stateDir);
  const secrets = await storeOf(stateDir, settings.keys, folder)
    .load()
    .catch((error: Error) => {
      throw new Refused("keys-unreadable", error.message);
    });
  if (!secrets) throw new Refused("keys-unreadable", settings.keys);
  return { secrets, url: `http://127.0.0.1:${settings.port}` };
}

/** [EN1] A code for one extension. @throws Refused */
export async function enrolmentCode(
  stateDir: string,
  folder: string,
): Promise<{ code: string; url: string }> {
  const { secrets, url } = await open(stateDir, folder);
  return { code: await newEnrolmentCode(secrets, url, Date.now()), url };
}

/** [ST1] [ST2] A code for one extension and one terminal of this computer. @throws Refused */
export async function setupCode(stateDir: string, folder: string): Promise<{ code: string; url: string }> {
  const { secrets, url } = await open(stateDir, folder);
  const token = await newEnrolmentToken(secrets, Date.now());
  const [bid, m] = await Promise.all([brokerIdFrom(secrets), newMailboxId(secrets)]);
  return { code: await encodeSetupCode({ bid, url, token, m }), url };
}
