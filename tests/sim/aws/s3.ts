import type { Hono } from "hono";
import { type Dialect, garbage, operationsOf, type Parts } from "../parts.ts";
import { makeService } from "../service.ts";
import { hex } from "../tokens.ts";
import { escapeXml } from "./answers.ts";
import { type SigV4Refusal, verifySigV4 } from "./sigv4.ts";
import { bodyOf } from "./sts.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const CREATED = "2024-05-14T09:26:53.000Z";

const REFUSALS: Readonly<Record<SigV4Refusal, readonly [status: number, code: string, message: string]>> = {
  missing: [403, "AccessDenied", "Access Denied"],
  incomplete: [403, "AccessDenied", "There were headers present in the request which were not signed"],
  scope: [400, "AuthorizationHeaderMalformed", "The authorization header is malformed; incorrect service."],
  "unknown-key": [
    403,
    "InvalidAccessKeyId",
    "The AWS Access Key Id you provided does not exist in our records.",
  ],
  "bad-token": [400, "InvalidToken", "The provided token is malformed or otherwise invalid."],
  expired: [400, "ExpiredToken", "The provided token has expired."],
  skewed: [
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
  ],
  payload: [
    400,
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
  mismatch: [
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  ],
};

function answer(body: string, status: number): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`, {
    status,
    headers: {
      "content-type": "application/xml",
      "x-amz-request-id": hex(8).toUpperCase(),
      "x-amz-id-2": hex(32),
    },
  });
}

function refusal(status: number, code: string, message: string): Response {
  return answer(
    `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>${hex(8).toUpperCase()}</RequestId><HostId>${hex(32)}</HostId></Error>`,
    status,
  );
}

const dialect: Dialect = (fault, status) => {
  switch (fault) {
    case "throttle":
      return refusal(503, "SlowDown", "Please reduce your request rate.");
    case "unauthorized":
      return refusal(...REFUSALS["unknown-key"]);
    case "forbidden":
      return refusal(403, "AccessDenied", "Access Denied");
    case "garbage":
      return garbage();
    default:
      return refusal(status ?? 500, "InternalError", "We encountered an internal error. Please try again.");
  }
};

/** S3: the list of a caller's buckets, nothing else. */
export function s3(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, dialect);
  app.get(
    "/",
    operation("ListBuckets", async (context) => {
      const verified = verifySigV4(world, context.req.raw, await bodyOf(context), "s3");
      if (!verified.ok) return refusal(...REFUSALS[verified.reason]);
      const { accountId, role, user, directory } = verified.credentials;
      if (!role.mayListBuckets) return refusal(403, "AccessDenied", "Access Denied");
      const account = directory.accountsOf(user.name).find(({ id }) => id === accountId);
      const buckets = (account?.buckets ?? []).map(
        (name) => `<Bucket><Name>${name}</Name><CreationDate>${CREATED}</CreationDate></Bucket>`,
      );
      return answer(
        `<ListAllMyBucketsResult xmlns="${NAMESPACE}"><Owner><ID>${accountId.padEnd(64, "0")}</ID></Owner><Buckets>${buckets.join("")}</Buckets></ListAllMyBucketsResult>`,
        200,
      );
    }),
  );
  return app;
}
