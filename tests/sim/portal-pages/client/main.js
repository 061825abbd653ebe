// The portal's page: signs in, then draws what the hash route asks for.
import { getUser, listApplications, logout } from "./api.js";
import { approveConsent, approveDevice } from "./approvals.js";
import { openConsole } from "./console.js";
import { config, hashQuery } from "./dom.js";
import { drawFrame, drawMessage, drawNotice } from "./frame.js";
import { drawGeneration1 } from "./generation1.js";
import { drawAccounts as drawGeneration2 } from "./generation2.js";
import { drawAccounts as drawGeneration3 } from "./generation3.js";
import { beginSignIn, forget, openSession } from "./session.js";

let user;
let applications;

const route = () => location.hash.replace(/^#\/?/, "").split("?")[0];

async function signOut() {
  await logout().catch(() => undefined);
  forget();
  drawMessage("You have been signed out", "Close this window, or sign in again.", {
    label: "Sign in",
    action: () => {
      history.replaceState(null, "", `${location.pathname}#/`);
      beginSignIn().catch(fail);
    },
  });
}

async function draw() {
  switch (route()) {
    case "signout":
      return signOut();
    case "console":
      return openConsole();
    case "device":
      return approveDevice();
    case "consent":
      return approveConsent();
    case "preferences":
      return drawMessage("Preferences", "Language and visual mode of the AWS access portal.");
    default:
      return drawHome();
  }
}

async function drawHome() {
  applications ??= listApplications();
  if (config.generation === 1) return drawGeneration1(user, (await applications).accounts);
  const drawAccounts = config.generation === 2 ? drawGeneration2 : drawGeneration3;
  drawFrame(user, {
    tab: hashQuery().get("tab") ?? "accounts",
    drawAccounts: (panel) => drawAccounts(panel, applications).catch(fail),
    others: applications.then(({ others }) => others),
  });
  applications.catch(fail);
}

function fail(error) {
  if (error.status === 401) {
    forget();
    return beginSignIn().catch(fail);
  }
  applications = undefined;
  drawNotice(error.message);
}

async function start() {
  const identity = await openSession();
  if (identity === undefined) return;
  user = await getUser();
  addEventListener("hashchange", () => draw().catch(fail));
  await draw();
}

start().catch(fail);
