// The calls the portal's page makes once it has a token.
import { config } from "./dom.js";
import { currentToken } from "./session.js";

export class ApiError extends Error {
  constructor(status, message) {
    super(`HTTP ${status} ${message}`);
    this.status = status;
  }
}

async function call(path, { method = "GET", base = config.api, body } = {}) {
  const response = await fetch(base + path, {
    method,
    credentials: "omit",
    headers: {
      "x-amz-sso_bearer_token": currentToken(),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, messageOf(text));
  return text === "" ? {} : JSON.parse(text);
}

function messageOf(text) {
  try {
    const body = JSON.parse(text);
    return body.message ?? body.error_description ?? body.error ?? "";
  } catch {
    return "Unexpected answer";
  }
}

/** Collects all pages of an internal listing: asks with `next_token`, is answered `paginationToken`. */
async function all(path) {
  const items = [];
  let next = null;
  do {
    const query = next === null ? "" : `?next_token=${encodeURIComponent(next)}`;
    const page = await call(path + query);
    items.push(...page.result);
    next = page.paginationToken;
  } while (next !== null);
  return items;
}

/** Accounts and other applications, in the portal's order: by name. */
export async function listApplications() {
  const instances = await all("/instance/appinstances");
  const accounts = instances
    .filter(({ searchMetadata }) => searchMetadata)
    .map(({ id, searchMetadata }) => ({
      instance: id,
      id: searchMetadata.AccountId,
      name: searchMetadata.AccountName ?? "",
      email: searchMetadata.AccountEmail ?? "",
    }))
    .sort((one, two) => one.name.localeCompare(two.name) || one.id.localeCompare(two.id));
  return { accounts, others: instances.filter(({ searchMetadata }) => !searchMetadata) };
}

export const listRoles = async (account) =>
  (await all(`/instance/appinstance/${account.instance}/profiles`)).map(({ name }) => name);

const roleQuery = (accountId, roleName) =>
  new URLSearchParams({ account_id: accountId, role_name: roleName }).toString();

export const getCredentials = async (accountId, roleName) =>
  (await call(`/federation/credentials/?${roleQuery(accountId, roleName)}&debug=true`)).roleCredentials;

export function getConsole(accountId, roleName, destination) {
  const asked = destination ? `&destination=${encodeURIComponent(destination)}` : "";
  return call(`/federation/console?${roleQuery(accountId, roleName)}${asked}`);
}

export const getUser = () => call("/user");
export const logout = () => call("/logout", { method: "POST" });

const post = (path, body) => call(path, { method: "POST", base: config.oidc, body });
export const findDevice = (userCode) =>
  post("/device_authorization/accept_user_code", { userCode, userSessionId: currentToken() });
export const answerDevice = (deviceContext, allow) =>
  post(allow ? "/device_authorization/associate_token" : "/device_authorization/cancel", {
    deviceContext,
    userSessionId: currentToken(),
  });
export const describeConsent = (contextId) =>
  post("/authorize/describe", { contextId, userSessionId: currentToken() });
export const answerConsent = (contextId, allow) =>
  post("/authorize/answer", { contextId, allow, userSessionId: currentToken() });
