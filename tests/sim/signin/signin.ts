import type { Hono } from "hono";
import type { Directory } from "../directory.ts";
import { html, htmlResponse } from "../html.ts";
import { type Dialect, garbage, operationsOf, type Parts } from "../parts.ts";
import { type Assertion, decodeResponse, encodeAuthnRequest } from "../saml.ts";
import { makeService } from "../service.ts";
import type { UserSpec } from "../world/spec.ts";
import type { World } from "../world.ts";

function failure(status: number, text: string): Response {
  return htmlResponse(
    html`<html lang="en"><head><meta charset="utf-8"><title>AWS sign in</title></head>
<body><main><h1>It's not you, it's us</h1><p data-testid="test-alert">${text}</p></main></body></html>`,
    status,
  );
}

const dialect: Dialect = (answer, status) =>
  answer === "garbage"
    ? garbage()
    : failure(answer === "error" ? (status ?? 500) : 400, "We couldn't complete your request right now.");

/** `<region>.signin.aws`: sends the browser to the identity provider and takes its word when it comes back. */
export function signinService(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, dialect);

  app.get(
    "/platform/:directory/login",
    operation("SignIn", (context) => {
      const workflow = world.signin.workflow(context.req.query("workflowStateHandle") ?? "");
      if (workflow === undefined || workflow.directory.id !== context.req.param("directory")) {
        return failure(400, "Your sign-in request has expired. Return to your AWS access portal.");
      }
      const { directory, requestId } = workflow;
      const request = { id: requestId, issuer: directory.audience(), acsUrl: directory.acsUrl() };
      const location = new URL(`https://sso.jumpcloud.com/saml2/${directory.spec.idpApp}`);
      location.searchParams.set("SAMLRequest", encodeAuthnRequest(request, world.clock.nowMs()));
      location.searchParams.set("RelayState", workflow.handle);
      return context.redirect(location.href, 302);
    }),
  );

  app.post(
    "/platform/saml/acs/:tenant",
    operation("ConsumeAssertion", async (context) => {
      const tenant = context.req.param("tenant");
      const directory = world.findDirectory(({ spec }) => spec.tenantId === tenant);
      if (directory === undefined) return failure(404, "Unknown tenant.");
      const form = new URLSearchParams(await context.req.text());
      const assertion = decodeResponse(form.get("SAMLResponse") ?? "", world.jumpcloud.publicKey);
      const user = assertion === undefined ? undefined : accept(world, directory, assertion);
      if (assertion === undefined || user === undefined) {
        return failure(403, "Invalid SAML response. Try again or contact your administrator.");
      }
      const workflow = world.signin.workflow(form.get("RelayState") ?? "");
      if (workflow?.requestId !== assertion.inResponseTo) {
        return failure(403, "The SAML response answers another request.");
      }
      const { handle, state } = world.signin.finish(user, directory, workflow);
      const location = new URL(workflow?.portalHome ?? `${directory.startUrl}/`);
      location.searchParams.set("workflowResultHandle", handle);
      location.searchParams.set("state", state);
      return context.redirect(location.href, 302);
    }),
  );
  return app;
}

/** The user an assertion stands for, if it is meant for this directory, is in time, and is new. */
function accept(world: World, directory: Directory, assertion: Assertion): UserSpec | undefined {
  const nowMs = world.clock.nowMs();
  const inTime = assertion.notBeforeMs <= nowMs && nowMs < assertion.notOnOrAfterMs;
  const meant = assertion.audience === directory.audience() && assertion.recipient === directory.acsUrl();
  if (!inTime || !meant || !world.signin.useAssertion(assertion.id)) return undefined;
  const user = world.userByEmail(assertion.subject);
  return user !== undefined && directory.hasUser(user.name) ? user : undefined;
}
