import { ok } from "../result.ts";
import type { Format } from "./values.ts";

/** For programs: the names of the SSO API, and what the credentials are for. JSON carries any value. */
export const json: Format = (values, { profile, account, role, region }) =>
  ok(
    `${JSON.stringify(
      {
        accessKeyId: values.accessKeyId,
        secretAccessKey: values.secretAccessKey,
        sessionToken: values.sessionToken,
        expiration: values.expiration,
        accountId: account,
        roleName: role,
        ...(profile === undefined ? {} : { profile }),
        ...(region === undefined ? {} : { region }),
      },
      null,
      2,
    )}\n`,
  );
