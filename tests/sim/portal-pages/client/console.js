// `#/console?…`: federates into the AWS console, asking for the role when the link names none.
import { getConsole, listApplications, listRoles } from "./api.js";
import { hashQuery } from "./dom.js";
import { drawMessage } from "./frame.js";

export async function openConsole() {
  const query = hashQuery();
  const accountId = query.get("account_id") ?? "";
  const roleName = query.get("role_name");
  if (roleName) return federate(accountId, roleName, query.get("destination"));
  const { accounts } = await listApplications();
  const account = accounts.find(({ id }) => id === accountId);
  if (account === undefined) return drawMessage("No access", `You have no role in account ${accountId}.`);
  const choices = (await listRoles(account)).map((role) => ({
    label: role,
    action: () => federate(accountId, role, query.get("destination")),
  }));
  drawMessage("Choose a role", `${account.name || "Account"} (${accountId})`, ...choices);
}

async function federate(accountId, roleName, destination) {
  drawMessage("Opening the console", `${accountId} as ${roleName}`);
  try {
    const answer = await getConsole(accountId, roleName, destination);
    const login = new URL(answer.signInFederationLocation);
    login.search = new URLSearchParams({
      Action: "login",
      SigninToken: answer.signInToken,
      Issuer: `${location.origin}${location.pathname}`,
      Destination: answer.destination,
    }).toString();
    location.assign(login.href);
  } catch (error) {
    if (error.status === 401) throw error;
    drawMessage("The console could not be opened", error.message);
  }
}
