// The two questions the portal asks for command-line clients. Only a person's click answers them.
import { answerConsent, answerDevice, describeConsent, findDevice } from "./api.js";
import { h, hashQuery } from "./dom.js";
import { drawMessage } from "./frame.js";

const question = (client, scopes) =>
  `${client} asks for access to your AWS data${scopes.length > 0 ? ` (${scopes.join(", ")})` : ""}.`;

/** `#/device?user_code=…` */
export async function approveDevice() {
  const code = hashQuery().get("user_code");
  if (!code) return askForCode();
  const found = await findDevice(code).catch(() => undefined);
  if (found === undefined) return drawMessage("Invalid code", `The code ${code} is unknown or has expired.`);
  const answer = (allow, text) => async () => {
    await answerDevice(found.deviceContext, allow);
    drawMessage(allow ? "Request approved" : "Request denied", text);
  };
  drawMessage(
    `Authorization requested: ${code}`,
    question(found.clientName, found.scopes),
    {
      label: "Allow access",
      action: answer(true, "You can close this window and return to your command line."),
    },
    {
      label: "Deny access",
      secondary: true,
      action: answer(false, "The command line has no access."),
    },
  );
}

function askForCode() {
  drawMessage("Enter the code", "Your command line shows a code. Enter it here.");
  const input = h("input", { id: "user-code", "aria-label": "Code", autocomplete: "off" });
  const go = (event) => {
    event.preventDefault();
    location.hash = `#/device?user_code=${encodeURIComponent(input.value.trim())}`;
  };
  document
    .querySelector("main > div")
    .append(
      h(
        "form",
        { class: "form", on: { submit: go } },
        input,
        h("button", { class: "button primary" }, "Confirm"),
      ),
    );
}

/** `#/consent?context=…`: where the authorization code flow brings the browser. */
export async function approveConsent() {
  const context = hashQuery().get("context") ?? "";
  const found = await describeConsent(context).catch(() => undefined);
  if (found === undefined) return drawMessage("Request expired", "Start again from your command line.");
  const answer = (allow) => async () => {
    location.assign((await answerConsent(context, allow)).redirectUrl);
  };
  drawMessage(
    `Allow ${found.clientName} to access your data?`,
    question(found.clientName, found.scopes),
    { label: "Allow access", action: answer(true) },
    { label: "Deny access", secondary: true, action: answer(false) },
  );
}
