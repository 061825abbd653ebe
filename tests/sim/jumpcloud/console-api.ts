import type { Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { type Dialect, garbage, type Handler, operationsOf, type Parts } from "../parts.ts";
import { totpMatches } from "../totp.ts";
import type { UserSpec } from "../world/spec.ts";
import type { ConsoleSession, Push } from "./state.ts";

export const SESSION_COOKIE = "_jumpcloud_user_console_";
const XSRF_COOKIE = "_xsrf";

const message = (context: Context, status: 400 | 401 | 403 | 404, text: string): Response =>
  context.json({ message: text }, status);

export const jumpcloudDialect: Dialect = (answer, status) => {
  const say = (code: number, text: string) => Response.json({ message: text }, { status: code });
  switch (answer) {
    case "throttle":
      return say(429, "Too many requests");
    case "unauthorized":
      return say(401, "Unauthorized");
    case "forbidden":
      return say(403, "Forbidden");
    case "garbage":
      return garbage();
    default:
      return say(status ?? 500, "Internal Server Error");
  }
};

/** The session of the caller's cookie; the answer renews the cookie, signed in or not. */
export function sessionOf({ world }: Parts, context: Context): ConsoleSession {
  const session = world.jumpcloud.touch(getCookie(context, SESSION_COOKIE));
  setCookie(context, SESSION_COOKIE, session.id, {
    domain: ".jumpcloud.com",
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "Lax",
  });
  return session;
}

/** `/userconsole/*`: sign-in with password and second factor, and what a signed-in user may ask. */
export function addConsoleApi(app: Hono, parts: Parts): void {
  const { world } = parts;
  const state = world.jumpcloud;
  const operation = operationsOf(parts, jumpcloudDialect);

  app.get(
    "/userconsole/xsrf",
    operation("JumpCloudXsrf", (context) => {
      const session = sessionOf(parts, context);
      setCookie(context, XSRF_COOKIE, session.xsrf, { path: "/", secure: true, sameSite: "Lax" });
      return context.json({ xsrf: session.xsrf });
    }),
  );

  /** Posts need the token of their own session, so that no other site can sign a browser in. */
  const guarded =
    (handler: (context: Context, session: ConsoleSession) => Response | Promise<Response>): Handler =>
    (context) => {
      const session = sessionOf(parts, context);
      if (context.req.header("x-xsrftoken") !== session.xsrf)
        return message(context, 403, "Invalid XSRF token.");
      return handler(context, session);
    };

  const signedIn = (context: Context, session: ConsoleSession, user: UserSpec): Response => {
    session.user = user;
    delete session.candidate;
    return context.json({ redirectTo: landing(session) });
  };

  app.post(
    "/userconsole/auth",
    operation(
      "JumpCloudAuth",
      guarded(async (context, session) => {
        const body = await fields(context);
        const user = world.userByEmail(body.email ?? "");
        if (user === undefined || user.password !== body.password) {
          return message(context, 401, "Authentication failed.");
        }
        session.candidate = user;
        if (body.context === "sso" && body.redirectTo !== undefined) session.redirectTo = body.redirectTo;
        if (body.otp === undefined) {
          return context.json({ message: "MFA required.", factors: factorsOf(user) }, 401);
        }
        return otpIsRight(user, body.otp)
          ? signedIn(context, session, user)
          : message(context, 401, "Authentication failed.");
      }),
    ),
  );

  const otpIsRight = (user: UserSpec, otp: string): boolean =>
    user.totpSecret !== undefined && totpMatches(user.totpSecret, otp, world.clock.nowMs());

  app.post(
    "/userconsole/auth/totp",
    operation(
      "JumpCloudTotp",
      guarded(async (context, session) => {
        const { otp = "" } = await fields(context);
        const user = session.candidate;
        if (user === undefined || !otpIsRight(user, otp))
          return message(context, 401, "Authentication failed.");
        return signedIn(context, session, user);
      }),
    ),
  );

  app.post(
    "/userconsole/auth/push",
    operation(
      "JumpCloudPush",
      guarded((context, session) => {
        const user = session.candidate;
        if (user === undefined || !user.push) return message(context, 401, "Authentication failed.");
        return context.json(wire(state.startPush(session, user)));
      }),
    ),
  );

  const wire = (push: Push) => ({
    id: push.id,
    initiatedAt: new Date(push.initiatedAtMs).toISOString(),
    expiresAt: new Date(push.expiresAtMs).toISOString(),
    status: state.pushStatus(push),
    userId: push.user.id,
  });

  const ownPush = (context: Context, session: ConsoleSession): Push | undefined => {
    const push = state.push(context.req.param("id") ?? "");
    return push?.sessionId === session.id ? push : undefined;
  };

  app.get(
    "/userconsole/auth/push/:id",
    operation("JumpCloudPushStatus", (context) => {
      const push = ownPush(context, sessionOf(parts, context));
      return push === undefined ? message(context, 404, "Not found.") : context.json(wire(push));
    }),
  );

  app.post(
    "/userconsole/auth/push/:id/login",
    operation(
      "JumpCloudPushLogin",
      guarded((context, session) => {
        const push = ownPush(context, session);
        if (push === undefined || state.pushStatus(push) !== "accepted" || session.candidate !== push.user) {
          return message(context, 401, "Authentication failed.");
        }
        return signedIn(context, session, push.user);
      }),
    ),
  );
  addUserApi(app, parts);
}

/** What tells a signed-in browser from one that only carries the anonymous cookie. */
function addUserApi(app: Hono, parts: Parts): void {
  const { world } = parts;
  const operation = operationsOf(parts, jumpcloudDialect);
  const forUser =
    (handler: (context: Context, user: UserSpec) => Response): Handler =>
    (context) => {
      const session = sessionOf(parts, context);
      return session.user === undefined
        ? message(context, 401, "Unauthorized")
        : handler(context, session.user);
    };

  app.get(
    "/userconsole/api/self",
    operation(
      "JumpCloudSelf",
      forUser((context, user) =>
        context.json({
          _id: user.id,
          email: user.email,
          username: user.name,
          firstname: user.firstName,
          lastname: user.lastName,
          organization: world.organization,
        }),
      ),
    ),
  );
  app.get(
    "/userconsole/api/applications",
    operation(
      "JumpCloudApplications",
      forUser((context, user) =>
        context.json(
          [...world.directories.values()]
            .filter((directory) => directory.hasUser(user.name))
            .map(({ spec }) => ({
              _id: spec.tenantId,
              name: "aws-iam-identity-center",
              displayLabel: spec.idpLabel,
              ssoUrl: `https://sso.jumpcloud.com/saml2/${spec.idpApp}`,
              logo: { url: "https://cdn.jumpcloud.com/aws.png" },
              active: true,
            })),
        ),
      ),
    ),
  );
}

async function fields(context: Context): Promise<Partial<Record<string, string>>> {
  const body: unknown = await context.req.json().catch(() => ({}));
  if (typeof body !== "object" || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter(([, value]) => typeof value === "string"));
}

function factorsOf(user: UserSpec) {
  const status = (available: boolean) => (available ? "available" : "inactive");
  return [
    { type: "totp", status: status(user.totpSecret !== undefined) },
    { type: "duo", status: "inactive" },
    { type: "webauthn", status: "inactive" },
    { type: "push", status: status(user.push) },
  ];
}

/** Where a browser goes once signed in: on to the app it came for, or home. Never to another site. */
function landing(session: ConsoleSession): string {
  const target = session.redirectTo ?? "";
  delete session.redirectTo;
  return target.startsWith("saml2/")
    ? `https://sso.jumpcloud.com/${target}`
    : "https://console.jumpcloud.com/userconsole";
}
