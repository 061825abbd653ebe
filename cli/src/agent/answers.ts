import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import type { Failure } from "../exit.ts";
import type { AgentAnswer } from "./wire.ts";

export const stillGood =
  "these credentials could not be renewed; they are the ones from before, which are still good";

export const refused = (failure: Failure): AgentAnswer => ({ answer: "failure", failure });

/** [AG10] The one way out of the agent: to a socket that only this user can open. */
export const given = (
  { accessKeyId, expiresAtMs, ...secret }: RoleCredentials,
  warning?: string,
): AgentAnswer => ({
  answer: "credentials",
  credentials: {
    accessKeyId,
    secretAccessKey: secret.secretAccessKey.reveal(),
    sessionToken: secret.sessionToken.reveal(),
    expiresAtMs,
  },
  ...(warning === undefined ? {} : { warning }),
});
