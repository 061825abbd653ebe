import { type Dialect, garbage } from "../parts.ts";
import { uuid } from "../tokens.ts";

/** JSON the way AWS sends it: with a request id and a length. */
export function awsJson(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const text = JSON.stringify(body);
  return new Response(text, {
    status,
    headers: {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(text)),
      "x-amzn-requestid": uuid(),
      ...headers,
    },
  });
}

const CORAL = "http://internal.amazon.com/coral/com.amazonaws.switchboard.portal/";

/** An error of the portal API. */
export function portalError(status: number, type: string, message: string): Response {
  return awsJson({ message, __type: `com.amazonaws.switchboard.portal#${type}` }, status, {
    "x-amzn-errortype": `${type}:${CORAL}`,
  });
}

export const unauthorized = (): Response =>
  portalError(401, "UnauthorizedException", "Session token not found or invalid");
export const forbidden = (): Response => portalError(403, "ForbiddenException", "No access");
export const throttled = (): Response =>
  portalError(429, "TooManyRequestsException", "HTTP 429 Unknown Code");
export const invalidRequest = (message: string): Response =>
  portalError(400, "InvalidRequestException", message);

/** An error of the OIDC API, which has no `message` but OAuth's own fields. */
export function oidcError(type: string, error: string, description: string, status = 400): Response {
  return awsJson({ error, error_description: description }, status, { "x-amzn-errortype": type });
}

/** An error of an XML service. */
export function xml(body: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": uuid() },
  });
}

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

export const portalDialect: Dialect = (answer, status) => {
  switch (answer) {
    case "throttle":
      return throttled();
    case "unauthorized":
      return unauthorized();
    case "forbidden":
      return forbidden();
    case "error":
      return portalError(status ?? 500, "InternalServerException", "Internal server error");
    case "garbage":
      return garbage();
    case "hang":
      return portalError(503, "ServiceUnavailableException", "The world stopped");
  }
};

export const oidcDialect: Dialect = (answer, status) => {
  switch (answer) {
    case "throttle":
      return oidcError("SlowDownException", "slow_down", "Too many requests");
    case "unauthorized":
      return oidcError("InvalidClientException", "invalid_client", "Invalid client", 401);
    case "forbidden":
      return oidcError("AccessDeniedException", "access_denied", "Access denied");
    case "error":
      return oidcError("InternalServerException", "server_error", "Internal server error", status ?? 500);
    case "garbage":
      return garbage();
    case "hang":
      return oidcError("InternalServerException", "server_error", "The world stopped", 503);
  }
};
