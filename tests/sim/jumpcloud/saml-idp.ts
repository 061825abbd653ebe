import type { Hono } from "hono";
import { html, htmlResponse } from "../html.ts";
import { operationsOf, type Parts } from "../parts.ts";
import { type AuthnRequest, decodeAuthnRequest, encodeResponse } from "../saml.ts";
import { makeService } from "../service.ts";
import { uuid } from "../tokens.ts";
import { jumpcloudDialect, sessionOf } from "./console-api.ts";

const VALID_MS = 5 * 60_000;

/** `sso.jumpcloud.com`: a signed-in browser gets a form that posts an assertion to AWS; another goes to sign in. */
export function samlIdp(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, jumpcloudDialect);

  app.get(
    "/saml2/:app",
    operation("SamlAssertion", (context) => {
      const directory = world.findDirectory(({ spec }) => spec.idpApp === context.req.param("app"));
      if (directory === undefined) return htmlResponse(notice("Application not found"), 404);
      const { user } = sessionOf(parts, context);
      const { pathname, search } = new URL(context.req.url);
      if (user === undefined) {
        const login = new URL("https://console.jumpcloud.com/login");
        login.searchParams.set("context", "sso");
        login.searchParams.set("redirectTo", pathname.slice(1) + search);
        return context.redirect(login.href, 302);
      }
      if (!directory.hasUser(user.name))
        return htmlResponse(notice("You do not have access to this application"), 403);
      const asked = context.req.query("SAMLRequest");
      const request = asked === undefined ? undefined : decodeAuthnRequest(asked);
      if (asked !== undefined && !isFor(request, directory.audience(), directory.acsUrl())) {
        return htmlResponse(notice("Invalid SAML request"), 400);
      }
      const nowMs = world.clock.nowMs();
      const assertion = {
        id: `_${uuid()}`,
        audience: directory.audience(),
        recipient: directory.acsUrl(),
        subject: user.email,
        inResponseTo: request?.id,
        notBeforeMs: nowMs - VALID_MS,
        notOnOrAfterMs: nowMs + VALID_MS,
      };
      return htmlResponse(html`<html><head><meta charset="utf-8"><title>JumpCloud</title></head>
<body onload="document.forms[0].submit()">
<form method="post" action="${directory.acsUrl()}">
<input type="hidden" name="SAMLResponse" value="${encodeResponse(assertion, "JumpCloud", world.jumpcloud.privateKey, nowMs)}">
<input type="hidden" name="RelayState" value="${context.req.query("RelayState") ?? ""}">
<noscript><button>Continue</button></noscript>
</form></body></html>`);
    }),
  );
  return app;
}

function isFor(request: AuthnRequest | undefined, audience: string, acsUrl: string): boolean {
  return request?.issuer === audience && request.acsUrl === acsUrl;
}

const notice = (text: string) =>
  html`<html lang="en"><head><meta charset="utf-8"><title>JumpCloud</title></head><body><h1>${text}</h1></body></html>`;
