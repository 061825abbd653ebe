import type { Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { isLoopback } from "../hosts.ts";
import { type Html, html, htmlResponse, jsonBlock } from "../html.ts";
import { PARTITIONS, type PartitionNames } from "../partitions.ts";
import { type Dialect, garbage, operationsOf, type Parts } from "../parts.ts";
import { makeService } from "../service.ts";
import type { ConsoleSignIn } from "../signin/state.ts";
import { opaque, signInToken } from "../tokens.ts";

const COOKIE = "aws-userInfo-signed";
/** The partition whose console this address is. */
const partitionAt = ({ protocol, hostname }: URL): PartitionNames | undefined =>
  protocol === "https:"
    ? PARTITIONS.find(({ console }) => hostname === console || hostname.endsWith(`.${console}`))
    : undefined;

/** A partition's sign-in leads to its own console only. */
const isOf = ({ cookieDomain }: PartitionNames, host: string): boolean =>
  host.endsWith(`.${cookieDomain}`) || isLoopback(host);

const failure = (status: number, text: string): Response =>
  htmlResponse(
    shell("Amazon Web Services Sign-In", html`<h1>Amazon Web Services Sign-In</h1><p id="error">${text}</p>`),
    status,
  );

const dialect: Dialect = (answer, status) =>
  answer === "garbage" ? garbage() : failure(answer === "error" ? (status ?? 500) : 400, "Request failed");

/** `signin.aws.amazon.com/federation`: turns role credentials into a sign-in token, and that into a console session. */
export function federation(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, dialect);
  app.post(
    "/federation",
    operation("GetSigninToken", async (context) => {
      const form = new URLSearchParams(await context.req.text());
      if (form.get("Action") !== "getSigninToken") return failure(400, "Unknown action");
      const { sessionId = "", sessionKey, sessionToken } = sessionOf(form);
      const issued = world.credentials.find(sessionId);
      const fits = issued?.secretAccessKey === sessionKey && issued?.sessionToken === sessionToken;
      if (!issued || !fits || world.credentials.hasExpired(issued))
        return failure(400, "Invalid credentials");
      const token = signInToken();
      const { user, directory, accountId, role } = issued;
      world.signin.addConsoleToken(token, { user, directory, accountId, roleName: role.name });
      return Response.json({ SigninToken: token });
    }),
  );
  app.get(
    "/federation",
    operation("ConsoleLogin", (context) => {
      if (context.req.query("Action") !== "login") return failure(400, "Unknown action");
      const destination = URL.parse(context.req.query("Destination") ?? "");
      const names = destination && partitionAt(destination);
      if (!destination || !names || !isOf(names, new URL(context.req.url).hostname)) {
        return failure(400, "The destination is not a console page");
      }
      const signIn = world.signin.takeConsoleToken(context.req.query("SigninToken") ?? "");
      if (signIn === undefined) return failure(400, "The sign-in token is invalid or was used before");
      const session = opaque(32);
      world.signin.consoleSessions.set(session, signIn);
      setCookie(context, COOKIE, session, {
        domain: `.${names.cookieDomain}`,
        path: "/",
        secure: true,
        httpOnly: true,
        sameSite: "Lax",
      });
      return context.redirect(destination.href, 302);
    }),
  );
  return app;
}

function sessionOf(form: URLSearchParams): Partial<Record<string, string>> {
  try {
    return JSON.parse(form.get("Session") ?? "") as Partial<Record<string, string>>;
  } catch {
    return {};
  }
}

/** A console page: says who is signed in, and nothing else. */
export function consolePages(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, dialect);
  app.get(
    "*",
    operation("ConsolePage", (context) => {
      const signIn = world.signin.consoleSessions.get(getCookie(context, COOKIE) ?? "");
      if (signIn === undefined) return failure(401, "You are not signed in");
      const { hostname, pathname } = new URL(context.req.url);
      return htmlResponse(consolePage(signIn, hostname, pathname));
    }),
  );
  return app;
}

function consolePage(
  { user, directory, accountId, roleName }: ConsoleSignIn,
  host: string,
  path: string,
): Html {
  const region = host.match(/^(?:.*\.)?([a-z]+(?:-[a-z]+)+-\d)\.console\./)?.[1] ?? "us-east-1";
  const iamRole = directory.iamRole(accountId, roleName);
  const account = directory.accountsOf(user.name).find(({ id }) => id === accountId);
  const session = {
    accountId,
    accountAlias: account?.name ?? null,
    infrastructureRegion: region,
    sessionARN: `arn:${directory.names.partition}:sts::${accountId}:assumed-role/${iamRole}/${user.email}`,
    displayName: `${iamRole}/${user.email}`,
  };
  return shell(
    "Console Home | AWS Management Console",
    html`<header>
  <strong>aws</strong>
  <button id="nav-usernameMenu" data-testid="awsc-nav-account-menu-button">${roleName}/${user.email} @ ${account?.name ?? accountId}</button>
  <span id="awsc-mezz-region">${region}</span>
</header>
<main>
  <h1>Console Home</h1>
  <dl>
    <dt>Account</dt><dd id="account">${accountId}</dd>
    <dt>Account name</dt><dd id="account-name">${account?.name ?? "–"}</dd>
    <dt>Role</dt><dd id="role">${roleName}</dd>
    <dt>User</dt><dd id="user">${user.email}</dd>
    <dt>Page</dt><dd id="page">${path}</dd>
  </dl>
</main>`,
    html`<meta name="awsc-session-data" content="${JSON.stringify(session)}"><script type="application/json" id="session">${jsonBlock(session)}</script>`,
  );
}

function shell(title: string, body: Html, head?: Html): Html {
  return html`<html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}
<style>
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 "Amazon Ember", system-ui, sans-serif; background: light-dark(#fff, #0f141a); }
header { display: flex; gap: 24px; align-items: center; padding: 8px 20px; color: #fff; background: #161d26; }
header button { margin-left: auto; font: inherit; color: inherit; background: none; border: 0; }
main, h1, #error { max-width: 720px; margin-inline: auto; padding-inline: 20px; }
dl { display: grid; grid-template-columns: 12em 1fr; gap: 8px; padding: 20px; border: 1px solid #8888; border-radius: 16px; }
dd { margin: 0; font-weight: 600; }
</style></head><body>${body}</body></html>`;
}
