import { type Html, html, htmlResponse } from "../html.ts";
import type { Parts } from "../parts.ts";
import type { UserSpec } from "../world/spec.ts";
import { stateOf } from "./state-view.ts";

const OPERATIONS = [
  "GetRoleCredentials",
  "ListAccounts",
  "ListAccountRoles",
  "ListApplicationInstances",
  "ListApplicationProfiles",
  "WhoAmI",
  "Federate",
  "CreateToken",
  "JumpCloudXsrf",
  "GetCallerIdentity",
  "ListBuckets",
];
const KINDS = ["throttle", "unauthorized", "forbidden", "error", "slow", "garbage", "hang", "hold"];

const button = (action: string, label: string, fields: Record<string, string>): Html =>
  html`<form method="post" action="/__sim/${action}">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button>${label}</button></form>`;

/** `GET /` on loopback: everything a person needs to walk through the world. */
export function peoplePage(parts: Parts, tlsPort: number): Response {
  const { world, faults } = parts;
  const state = stateOf(parts);
  const browserCommand = `chromium --user-data-dir=$(mktemp -d) --ignore-certificate-errors --host-resolver-rules="${resolverRules(tlsPort)}" ${state.directories[0]?.startUrl ?? ""}`;
  const users = [...world.users.values()].map((user) => userRow(parts, user));
  const directories = state.directories.map(
    ({
      name,
      id,
      region,
      startUrl,
      accounts,
      portal,
    }) => html`<tr><td><a href="${startUrl}">${name}</a> <small>${id}</small></td>
<td>${region}</td><td>${accounts}</td><td>${portal.generation}</td><td><code>${portal.cookieName}</code></td><td><div class="row">${[
      "1",
      "2",
      "3",
    ].map((generation) => button("portal", generation, { directory: name, generation }))}</div></td></tr>`,
  );
  const pushes = state.pendingPushes.map(
    ({ user }) =>
      html`<div class="row"><strong>${user}</strong>${button("push/approve", "Approve", { user })}${button("push/approve", "Deny", { user, decision: "denied" })}</div>`,
  );
  const options = (values: readonly string[]): Html[] =>
    values.map((value) => html`<option>${value}</option>`);
  return htmlResponse(html`<html lang="en"><head><meta charset="utf-8">
<title>Simulated JumpCloud and AWS</title><style>${STYLE}</style></head><body>
<h1>Simulated JumpCloud and AWS</h1>
<p>The links use the real host names. Open them in the browser that <code>npm run play</code> starts, or in one started so:</p>
<pre>${browserCommand}</pre>
<h2>People</h2>
<table><tr><th>Name</th><th>Email</th><th>Password</th><th>Second factor, now</th></tr>${users}</table>
<h2>Pushes on phones</h2>
${pushes.length > 0 ? pushes : html`<p class="quiet">None is waiting.</p>`}
<h2>Portals</h2>
<table><tr><th>Directory</th><th>Region</th><th>Accounts</th><th>Generation</th><th>Cookie</th><th>Draw as</th></tr>${directories}</table>
<p><a href="https://console.jumpcloud.com/userconsole">JumpCloud user console</a></p>
<h2>Faults</h2>
<form method="post" action="/__sim/faults" class="row">
<select name="operation" aria-label="Operation">${options(OPERATIONS)}</select>
<select name="kind" aria-label="Kind">${options(KINDS)}</select>
<input name="times" placeholder="times (all)" size="9" aria-label="Times"><input name="ms" placeholder="ms" size="5" aria-label="Milliseconds">
<button>Add</button></form>
<div class="row">${button("faults", "Clear all", { clear: "1" })}${button("release", "Release held calls", {})}
${button("faults", "20 calls a second", { rateLimit: "20" })}${button("faults", "No limit", { rateLimit: "" })}
${button("sessions/end", "End all portal sessions", {})}</div>
<p class="quiet">Now: ${
    faults.list().length === 0
      ? "no fault"
      : faults
          .list()
          .map(({ operation, kind }) => `${operation} ${kind}`)
          .join(", ")
  };
limit ${faults.rateLimit ?? "none"}; clock offset ${state.clockOffsetMs} ms.</p>
<h2>Calls</h2>
<table>${Object.entries(world.calls.totals()).map(([name, count]) => html`<tr><td>${name}</td><td>${count}</td></tr>`)}</table>
${world.unknownCalls.length > 0 ? html`<h2>Unknown calls</h2><pre>${world.unknownCalls.join("\n")}</pre>` : ""}
<script>setInterval(() => document.querySelector("form :focus") || location.reload(), 5000)</script>
</body></html>`);
}

function userRow({ world }: Parts, user: UserSpec): Html {
  const factor = user.totpSecret ? world.totp(user.name) : "JumpCloud Protect: approve below";
  return html`<tr><td>${user.firstName} ${user.lastName}</td><td><code>${user.email}</code></td><td><code>${user.password}</code></td><td><code>${factor}</code></td></tr>`;
}

const resolverRules = (tlsPort: number): string =>
  ["awsapps.com", "amazonaws.com", "aws.amazon.com", "signin.aws", "jumpcloud.com"]
    .map((domain) => `MAP *.${domain}:443 127.0.0.1:${tlsPort}`)
    .join(", ");

const STYLE = html`
:root { color-scheme: light dark; }
body { max-width: 980px; margin: 32px auto; padding: 0 20px; font: 15px/1.5 system-ui, sans-serif; }
h2 { margin-top: 32px; font-size: 18px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 6px 10px; text-align: left; border-bottom: 1px solid #8885; }
code { font-size: 14px; user-select: all; }
.row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
pre { padding: 10px; overflow: auto; font-size: 12px; white-space: pre-wrap; border: 1px solid #8885; border-radius: 6px; }
.quiet { opacity: .7; }
button, select, input { padding: 4px 10px; font: inherit; }`;
