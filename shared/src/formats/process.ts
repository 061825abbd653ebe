import { ok } from "../result.ts";
import type { Format } from "./values.ts";

/**
 * What AWS's SDKs read from a `credential_process`. Without `Expiration` they would keep the values for ever.
 *
 * @source botocore `credentials.py` ProcessProvider; "Sourcing credentials with an external process", AWS CLI user guide.
 */
export const processJson: Format = (values, { account }) =>
  ok(
    `${JSON.stringify({
      Version: 1,
      AccessKeyId: values.accessKeyId,
      SecretAccessKey: values.secretAccessKey,
      SessionToken: values.sessionToken,
      Expiration: values.expiration,
      AccountId: account,
    })}\n`,
  );
