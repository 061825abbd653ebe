import type { Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { fileServer } from "../files.ts";
import { type Html, html, htmlResponse } from "../html.ts";
import { operationsOf, type Parts } from "../parts.ts";
import { makeService } from "../service.ts";
import type { UserSpec } from "../world/spec.ts";
import { addConsoleApi, jumpcloudDialect, SESSION_COOKIE, sessionOf } from "./console-api.ts";

/** `console.jumpcloud.com`: the login page, the user's home with its tiles, and the API both of them use. */
export function jumpcloudConsole(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, jumpcloudDialect);
  const serve = fileServer(new URL("client/", import.meta.url));
  app.get("/static/:name", (context) => serve(context.req.param("name")) ?? context.notFound());
  addConsoleApi(app, parts);

  app.get(
    "/login",
    operation("JumpCloudLoginPage", (context) => {
      const target = context.req.query("redirectTo") ?? "";
      const session = world.jumpcloud.find(getCookie(context, SESSION_COOKIE));
      if (session?.user === undefined) return htmlResponse(loginPage(world.organization));
      const next = target.startsWith("saml2/") ? `https://sso.jumpcloud.com/${target}` : "/userconsole";
      return context.redirect(next, 302);
    }),
  );

  const home = operation("JumpCloudHome", (context) => {
    const { user } = sessionOf(parts, context);
    if (user === undefined) return context.redirect("/login", 302);
    const tiles = [...world.directories.values()].filter((directory) => directory.hasUser(user.name));
    return htmlResponse(
      homePage(
        user,
        tiles.map(({ spec }) => tile(spec.idpLabel, spec.idpApp)),
      ),
    );
  });
  app.get("/", home);
  app.get("/userconsole", home);

  app.post(
    "/userconsole/logout",
    operation("JumpCloudLogout", (context) => {
      world.jumpcloud.end(getCookie(context, SESSION_COOKIE));
      setCookie(context, SESSION_COOKIE, "", {
        domain: ".jumpcloud.com",
        path: "/",
        secure: true,
        maxAge: 0,
      });
      return context.redirect("/login", 303);
    }),
  );
  return app;
}

const shell = (title: string, body: Html): Html => html`<html lang="en"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<link rel="stylesheet" href="/static/console.css"></head><body>${body}</body></html>`;

const loginPage = (organization: string): Html =>
  shell(
    "JumpCloud User Console",
    html`<main class="card">
<p class="logo">jumpcloud</p>
<h1>User Login</h1><p class="quiet">${organization}</p>
<form id="login">
  <label>Company Email<input id="email" name="email" type="email" autocomplete="username" required autofocus></label>
  <label>Password<input id="password" name="password" type="password" autocomplete="current-password" required></label>
  <button id="submit">SSO Login</button>
</form>
<section id="mfa" hidden>
  <h2>Multi-Factor Authentication</h2>
  <form id="totp" hidden>
    <label>Authenticator App code<input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" required></label>
    <button id="otp-submit">Verify</button>
  </form>
  <button id="use-push" type="button" hidden>Use JumpCloud Protect</button>
  <p id="push-status" role="status"></p>
</section>
<p id="error" role="alert"></p>
</main><script type="module" src="/static/login.js"></script>`,
  );

const tile = (label: string, app: string): Html =>
  html`<li><a class="tile" href="https://sso.jumpcloud.com/saml2/${app}" target="_blank"><span>AWS</span>${label}</a></li>`;

const homePage = (user: UserSpec, tiles: readonly Html[]): Html =>
  shell(
    "JumpCloud User Console",
    html`<header><span class="logo">jumpcloud</span><span id="user">${user.firstName} ${user.lastName}</span>
<form method="post" action="/userconsole/logout"><button id="logout">Log out</button></form></header>
<main class="home"><h1>Applications</h1><ul class="tiles">${tiles}</ul></main>`,
  );
