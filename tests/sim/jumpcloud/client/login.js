// The login page: password first, then the second factor the user has.
const byId = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);

let xsrf;

/** Calls the console's API. What comes back as HTML is a maintenance page, not an answer. */
async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    credentials: "include",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "POST" ? { "x-xsrftoken": xsrf } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.headers.get("content-type")?.startsWith("application/json")) {
    throw new Error("JumpCloud is not available right now. Try again later.");
  }
  return { status: response.status, body: await response.json() };
}

async function prepare() {
  if (xsrf === undefined) xsrf = (await call("GET", "/userconsole/xsrf")).body.xsrf;
}

function submitted(form, action) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    byId("error").textContent = "";
    button.disabled = true;
    action()
      .catch((error) => {
        byId("error").textContent = error.message;
      })
      .finally(() => {
        button.disabled = false;
      });
  });
}

const follow = ({ body }) => location.assign(body.redirectTo);

submitted(byId("login"), async () => {
  await prepare();
  const target = asked.get("redirectTo");
  const answer = await call("POST", "/userconsole/auth", {
    context: asked.get("context") ?? "",
    ...(target ? { redirectTo: target } : {}),
    email: byId("email").value,
    password: byId("password").value,
  });
  if (answer.status === 200) return follow(answer);
  if (!answer.body.factors) throw new Error(answer.body.message);
  offer(answer.body.factors);
});

function offer(factors) {
  const usable = (type) => factors.some((factor) => factor.type === type && factor.status === "available");
  byId("login").hidden = true;
  byId("mfa").hidden = false;
  byId("totp").hidden = !usable("totp");
  byId("use-push").hidden = !usable("push");
  (usable("totp") ? byId("otp") : byId("use-push")).focus();
}

submitted(byId("totp"), async () => {
  const answer = await call("POST", "/userconsole/auth/totp", { otp: byId("otp").value });
  if (answer.status !== 200) throw new Error(answer.body.message);
  follow(answer);
});

const POLL_MS = 400;

byId("use-push").addEventListener("click", async () => {
  const status = byId("push-status");
  byId("use-push").disabled = true;
  byId("error").textContent = "";
  try {
    let push = (await call("POST", "/userconsole/auth/push", {})).body;
    status.textContent = "Approve the request in JumpCloud Protect on your phone.";
    while (push.status === "pending") {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      push = (await call("GET", `/userconsole/auth/push/${push.id}`)).body;
    }
    status.textContent = push.status === "accepted" ? "Approved." : `The request was ${push.status}.`;
    if (push.status === "accepted") {
      follow(await call("POST", `/userconsole/auth/push/${push.id}/login`, {}));
    }
  } catch (error) {
    byId("error").textContent = error.message;
  } finally {
    byId("use-push").disabled = false;
  }
});

prepare().catch((error) => {
  byId("error").textContent = error.message;
});
