import type { RoleCredentials } from "../domain/role-credentials.ts";
import { plainValues } from "./values.ts";

/**
 * What AWS's SDKs read from a container's credentials endpoint. The session token's name is another one than in the answer
 * of a credential_process.
 *
 * @source AWS SDKs and Tools Reference Guide, "Container credential provider"; botocore `utils.py` ContainerMetadataFetcher.
 */
export function containerJson(credentials: RoleCredentials, account: string): string {
  const values = plainValues(credentials);
  return `${JSON.stringify({
    AccessKeyId: values.accessKeyId,
    SecretAccessKey: values.secretAccessKey,
    Token: values.sessionToken,
    Expiration: values.expiration,
    AccountId: account,
  })}\n`;
}
