// The portal's own session: the token cookie, and the way to get one.
import { config } from "./dom.js";

const PENDING = "portal-sign-in";

let token;

export const currentToken = () => token;

function readCookie() {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${config.cookieName}=`));
  return found?.slice(config.cookieName.length + 1);
}

function writeCookie(value, expires) {
  const path = config.cookieName.startsWith("__Host-") ? "/" : config.cookiePath;
  // biome-ignore lint/suspicious/noDocumentCookie: the portal sets its cookie in this way, and so must its double.
  document.cookie = `${config.cookieName}=${value}; Path=${path}; Expires=${expires.toUTCString()}; Secure`;
}

export function forget() {
  token = undefined;
  writeCookie("", new Date(0));
}

/** Off to the sign-in service; the route is kept for the way back. */
export async function beginSignIn() {
  const query = new URLSearchParams({
    directory_id: config.directoryId,
    redirect_url: location.origin + location.pathname,
  });
  const response = await fetch(`${config.api}/login?${query}`, { credentials: "omit" });
  if (!response.ok) throw new Error(`Sign-in could not begin: HTTP ${response.status}`);
  const { redirectUrl, csrfToken } = await response.json();
  sessionStorage.setItem(PENDING, JSON.stringify({ csrfToken, hash: location.hash }));
  location.assign(redirectUrl);
}

/** Back from the sign-in service: trades the handle for a token. */
async function finishSignIn(returned) {
  const { csrfToken, hash } = JSON.parse(sessionStorage.getItem(PENDING) ?? "{}");
  sessionStorage.removeItem(PENDING);
  const response = await fetch(`${config.api}/auth/sso-token`, {
    method: "POST",
    credentials: "omit",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(csrfToken ? { "x-amz-sso-csrf-token": csrfToken } : {}),
    },
    body: new URLSearchParams({
      authCode: returned.get("workflowResultHandle"),
      state: returned.get("state"),
      orgId: config.directoryId,
    }),
  });
  if (!response.ok) throw new Error(`Sign-in failed: HTTP ${response.status}`);
  token = (await response.json()).token;
  history.replaceState(null, "", location.pathname + (hash || "#/"));
}

/** Asks whose session it is; undefined when there is none any more. */
async function whoAmI() {
  const response = await fetch(`${config.api}/token/whoAmI`, {
    credentials: "omit",
    headers: { "x-amz-sso_bearer_token": token },
  });
  if (response.status === 401) return undefined;
  if (!response.ok) throw new Error(`The portal is not available: HTTP ${response.status}`);
  return response.json();
}

/** The signed-in person, or undefined when the browser is on its way to sign in. */
export async function openSession() {
  const returned = new URLSearchParams(location.search);
  const fresh = returned.has("workflowResultHandle");
  if (fresh) await finishSignIn(returned);
  else token = readCookie();
  const identity = token ? await whoAmI() : undefined;
  if (identity === undefined) {
    if (token) forget();
    await beginSignIn();
    return undefined;
  }
  if (fresh) {
    const write = () => writeCookie(token, new Date(identity.expireDate));
    if (config.cookieDelayMs > 0) setTimeout(write, config.cookieDelayMs);
    else write();
  }
  return identity;
}
