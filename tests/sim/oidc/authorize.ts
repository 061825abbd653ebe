import type { Hono } from "hono";
import { oidcDialect } from "../aws/answers.ts";
import { html, htmlResponse } from "../html.ts";
import { operationsOf, type Parts } from "../parts.ts";
import { directoryOf, invalidClient, invalidRequest, isRegisteredRedirect } from "./common.ts";
import type { AuthorizeContext } from "./state.ts";

/** `GET /authorize`: the browser's step of the authorization code flow. */
export function addAuthorize(app: Hono, parts: Parts): void {
  const { world } = parts;
  const operation = operationsOf(parts, oidcDialect);
  app.get(
    "/authorize",
    operation("Authorize", (context) => {
      const asked = (name: string): string => context.req.query(name) ?? "";
      const client = world.oidc.clientById(asked("client_id"));
      if (client === undefined) return invalidClient();
      const redirectUri = asked("redirect_uri");
      // An unknown redirect is told to the person, never followed (RFC 6749 §4.1.2.1).
      if (!isRegisteredRedirect(client.redirectUris, redirectUri))
        return invalidRequest("Invalid redirect URI");
      const codeChallenge = asked("code_challenge").replace(/=+$/, "");
      if (asked("response_type") !== "code" || asked("code_challenge_method") !== "S256" || !codeChallenge) {
        return invalidRequest("An authorization code with an S256 challenge is the only way");
      }
      const directory = directoryOf(parts, client.issuerUrl ?? "");
      if (directory === undefined) return invalidRequest("The client names no known issuer");
      const scopes = asked("scopes").split(" ").filter(Boolean);
      const started = world.oidc.startAuthorize({
        client,
        redirectUri,
        state: asked("state"),
        codeChallenge,
        scopes,
      });
      // On loopback there is no portal to go to: ask here, and let the person say who they are.
      if (/^(127\.|localhost$)/.test(new URL(context.req.url).hostname)) return localConsent(parts, started);
      return context.redirect(`${directory.startUrl}/#/consent?context=${started.id}`, 302);
    }),
  );
}

function localConsent({ world }: Parts, { id, client }: AuthorizeContext): Response {
  const directory = world.findDirectory(({ hosts }) =>
    hosts.includes(URL.parse(client.issuerUrl ?? "")?.hostname ?? ""),
  );
  const users = [...world.users.values()].filter(({ name }) => directory?.hasUser(name));
  const button = (user: string, allow: "yes" | "no", label: string) =>
    html`<button name="answer" value="${allow}:${user}">${label}</button> `;
  return htmlResponse(html`<html lang="en"><head><meta charset="utf-8"><title>Authorization requested</title></head><body>
<h1>Allow ${client.name} to access your data?</h1>
<form method="post" action="/__sim/consent"><input type="hidden" name="context" value="${id}">
${users.map(({ name }) => button(name, "yes", `Allow as ${name}`))}${button("", "no", "Deny access")}</form></body></html>`);
}
