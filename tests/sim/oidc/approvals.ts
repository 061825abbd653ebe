import type { Context, Hono } from "hono";
import { awsJson, oidcDialect, oidcError } from "../aws/answers.ts";
import { operationsOf, type Parts } from "../parts.ts";
import type { PortalSession } from "../sessions.ts";
import { invalidRequest, jsonBody } from "./common.ts";

const unauthorized = (): Response =>
  oidcError("UnauthorizedClientException", "unauthorized_client", "The session is not valid", 401);

type Body = Readonly<Record<string, unknown>>;

/** What the portal's approval pages call after a person's click. */
export function addApprovals(app: Hono, parts: Parts): void {
  const { world } = parts;
  const operation = operationsOf(parts, oidcDialect);

  /** Only a signed-in portal page may ask: the session comes in the body, as the real page sends it. */
  const withSession =
    (handler: (body: Body, session: PortalSession) => Response) =>
    async (context: Context): Promise<Response> => {
      const body = await jsonBody(context);
      const value = typeof body.userSessionId === "string" ? body.userSessionId : undefined;
      const token = world.sessions.live(value);
      return token?.kind === "portal" ? handler(body, token.session) : unauthorized();
    };

  app.post(
    "/device_authorization/accept_user_code",
    operation(
      "AcceptUserCode",
      withSession(({ userCode }) => {
        const device = typeof userCode === "string" ? world.oidc.deviceByUserCode(userCode) : undefined;
        if (device === undefined) return invalidRequest("Invalid user code");
        const { contextId, client } = device;
        return awsJson({
          deviceContext: { deviceContextId: contextId, clientId: client.id, clientType: "public" },
          clientName: client.name,
          scopes: client.scopes,
        });
      }),
    ),
  );

  const answerDevice = (allow: boolean) =>
    withSession(({ deviceContext }, session) => {
      const device = world.oidc.deviceByContext(contextIdOf(deviceContext));
      if (device === undefined) return invalidRequest("Unknown device context");
      if (allow) device.session = session;
      else device.denied = true;
      return awsJson({});
    });
  app.post("/device_authorization/associate_token", operation("ApproveDevice", answerDevice(true)));
  app.post("/device_authorization/cancel", operation("DenyDevice", answerDevice(false)));

  app.post(
    "/authorize/describe",
    operation(
      "DescribeConsent",
      withSession(({ contextId }) => {
        const context = world.oidc.authorizeContext(String(contextId));
        if (context === undefined) return invalidRequest("Unknown authorization");
        return awsJson({ clientName: context.client.name, scopes: context.scopes });
      }),
    ),
  );
  app.post(
    "/authorize/answer",
    operation(
      "AnswerConsent",
      withSession(({ contextId, allow }, session) => {
        const context = world.oidc.authorizeContext(String(contextId));
        if (context === undefined) return invalidRequest("Unknown authorization");
        const redirectUrl = allow === true ? world.oidc.approve(context, session) : world.oidc.deny(context);
        return awsJson({ redirectUrl });
      }),
    ),
  );
}

const contextIdOf = (value: unknown): string =>
  typeof value === "object" && value !== null && "deviceContextId" in value
    ? String(value.deviceContextId)
    : "";
