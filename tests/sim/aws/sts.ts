import type { Context, Hono } from "hono";
import { type Dialect, garbage, operationsOf, type Parts } from "../parts.ts";
import { makeService } from "../service.ts";
import { stableHex, uuid } from "../tokens.ts";
import { escapeXml, xml } from "./answers.ts";
import { type SigV4Refusal, verifySigV4 } from "./sigv4.ts";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

const REFUSALS: Readonly<Record<SigV4Refusal, readonly [code: string, message: string]>> = {
  missing: ["MissingAuthenticationToken", "Request is missing Authentication Token"],
  incomplete: ["IncompleteSignature", "Authorization header does not sign what it must."],
  scope: ["SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sts'."],
  "unknown-key": ["InvalidClientTokenId", "The security token included in the request is invalid."],
  "bad-token": ["InvalidClientTokenId", "The security token included in the request is invalid."],
  expired: ["ExpiredToken", "The security token included in the request is expired"],
  skewed: ["SignatureDoesNotMatch", "Signature expired: the request is not within five minutes of now."],
  payload: ["SignatureDoesNotMatch", "The provided payload does not match its hash."],
  mismatch: [
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  ],
};

function refusal(code: string, message: string, status: number): Response {
  return xml(
    `<ErrorResponse xmlns="${NAMESPACE}">\n  <Error>\n    <Type>Sender</Type>\n    <Code>${code}</Code>\n    <Message>${escapeXml(message)}</Message>\n  </Error>\n  <RequestId>${uuid()}</RequestId>\n</ErrorResponse>\n`,
    status,
  );
}

const dialect: Dialect = (answer, status) => {
  switch (answer) {
    case "throttle":
      return refusal("Throttling", "Rate exceeded", 400);
    case "unauthorized":
      return refusal(...REFUSALS["unknown-key"], 403);
    case "forbidden":
      return refusal("AccessDenied", "User is not authorized to perform: sts:GetCallerIdentity", 403);
    case "garbage":
      return garbage();
    default:
      return refusal("InternalFailure", "Internal failure", status ?? 500);
  }
};

/** STS, query protocol: `GetCallerIdentity` over POST and GET, nothing else. */
export function sts(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, dialect);

  const getCallerIdentity = operation("GetCallerIdentity", async (context) => {
    const request = context.req.raw;
    const verified = verifySigV4(world, request, await bodyOf(context), "sts");
    if (!verified.ok) return refusal(...REFUSALS[verified.reason], 403);
    const { accountId, role, user, directory } = verified.credentials;
    const arn = `arn:${directory.names.partition}:sts::${accountId}:assumed-role/${directory.iamRole(accountId, role.name)}/${user.email}`;
    const roleId = `AROA${stableHex(arn).toUpperCase()}`;
    return xml(
      `<GetCallerIdentityResponse xmlns="${NAMESPACE}">\n  <GetCallerIdentityResult>\n    <Arn>${escapeXml(arn)}</Arn>\n    <UserId>${roleId}:${escapeXml(user.email)}</UserId>\n    <Account>${accountId}</Account>\n  </GetCallerIdentityResult>\n  <ResponseMetadata>\n    <RequestId>${uuid()}</RequestId>\n  </ResponseMetadata>\n</GetCallerIdentityResponse>\n`,
    );
  });

  app.all("/", async (context, next) => {
    const form = new URLSearchParams(Buffer.from(await bodyOf(context)).toString());
    const action = form.get("Action") ?? context.req.query("Action");
    if (action !== "GetCallerIdentity") return next();
    return getCallerIdentity(context);
  });
  return app;
}

/** The body, read once and kept by the framework, so that the action and the signature see the same bytes. */
export async function bodyOf(context: Context): Promise<Uint8Array> {
  return new Uint8Array(await context.req.arrayBuffer());
}
