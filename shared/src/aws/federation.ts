import * as v from "valibot";
import { fromUtf8 } from "../crypto/encoding.ts";
import type { ConsolePage } from "../domain/console.ts";
import { signInHost } from "../domain/portal.ts";
import type { RoleCredentials } from "../domain/role-credentials.ts";
import { plainValues } from "../formats/values.ts";
import { err, ok, type Result } from "../result.ts";
import { Secret } from "../secret.ts";
import { type PortalError, portalErrorOf } from "./errors.ts";
import { type AwsPorts, Wire } from "./wire.ts";

const SignInAnswer = v.object({ SigninToken: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)) });

/**
 * The address that opens a page of the console as a role. It signs whoever opens it in, for fifteen minutes: hence a secret.
 * The credentials travel in the body, where no log of addresses has them. No duration is named: AWS refuses one for roles
 * that were taken on from another, and without it the session lasts as long as the credentials.
 *
 * @source IAM user guide, "Enabling custom identity broker access to the AWS console"; AWS Toolkit for JetBrains,
 *   AwsConsoleUrlFactory, posts the same form.
 * @errors `garbage` where AWS does not take the credentials for this.
 */
export async function consoleAddress(
  credentials: RoleCredentials,
  { partition, url, region }: ConsolePage,
  ports: AwsPorts,
): Promise<Result<Secret<string>, PortalError>> {
  // Sovereign Europe has one region, and no host without its label.
  const label = partition === "aws-eusc" ? `${region ?? "eusc-de-east-1"}.` : "";
  const federation = `https://${label}${signInHost(partition)}/federation`;
  const { accessKeyId, secretAccessKey, sessionToken } = plainValues(credentials);
  const session = { sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken };
  const form = new URLSearchParams({ Action: "getSigninToken", Session: JSON.stringify(session) });
  const wire = new Wire(ports);
  try {
    const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
    const { status, body } = await wire.exchange({
      url: federation,
      method: "POST",
      headers,
      body: form.toString(),
    });
    if (status !== 200) return err(portalErrorOf(wire.outcome));
    const parsed = v.safeParse(SignInAnswer, JSON.parse(fromUtf8(body)));
    if (!parsed.success) return err({ code: "garbage" });
    const login = new URLSearchParams({
      Action: "login",
      Issuer: "jcfetch",
      Destination: url,
      SigninToken: parsed.output.SigninToken,
    });
    return ok(new Secret(`${federation}?${login}`));
  } catch {
    return err(portalErrorOf(wire.outcome));
  }
}
