import { parseIni } from "../config/ini.ts";
import { awsConfigPath, awsCredentialsPath } from "../config/paths.ts";
import { readIfThere } from "../config/replace-file.ts";
import type { Host } from "../host.ts";

/** By any of these a profile has credentials of its own. @source AWS SDKs and Tools Reference Guide, "Settings reference". */
const CREDENTIAL_SETTINGS = [
  "aws_access_key_id",
  "credential_process",
  "role_arn",
  "sso_session",
  "sso_start_url",
  "login_session",
  "web_identity_token_file",
];

/**
 * [US8] The SDKs look into the profile `default` before they ask an endpoint. Where it has credentials of its own, a command
 * would run as somebody else; so the file that has them is not shown to it.
 *
 * @returns variables that hide those files; none where nothing is in the way.
 */
export async function hidingDefault(host: Host): Promise<Readonly<Record<string, string>>> {
  const nothing = host.platform === "win32" ? "NUL" : "/dev/null";
  const inTheWay = async (path: string): Promise<boolean> => {
    const bytes = await readIfThere(path);
    // What we cannot open the tools cannot either, and say so themselves.
    if (!bytes.ok) return false;
    const parsed = parseIni(bytes.value?.toString() ?? "");
    // A mistake that stops one of them another reads over, and takes what it finds.
    if (!parsed.ok) return true;
    return parsed.value.some(
      ({ header, settings }) =>
        /^(?:profile\s+)?["']?default["']?$/.test(header) &&
        settings.some(({ key }) => CREDENTIAL_SETTINGS.includes(key)),
    );
  };
  const [config, credentials] = await Promise.all([
    inTheWay(awsConfigPath(host)),
    inTheWay(awsCredentialsPath(host)),
  ]);
  return {
    ...(config ? { AWS_CONFIG_FILE: nothing } : {}),
    ...(credentials ? { AWS_SHARED_CREDENTIALS_FILE: nothing } : {}),
  };
}
