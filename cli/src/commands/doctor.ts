import { portalApiHost } from "@jcfetch/shared/domain/portal";
import { ok, type Result } from "@jcfetch/shared/result";
import { agentPlace } from "../agent/place.ts";
import { signIns } from "../clocks.ts";
import { withTilde } from "../config/paths.ts";
import { readProfiles } from "../config/profiles.ts";
import { findSession } from "../config/sessions.ts";
import { type Finding, failed, note, wrong } from "../doctor/finding.ts";
import { agentFinding, configFindings, keepingFinding, networkFindings } from "../doctor/here.ts";
import { pairedFindings, portalOfGrant, roleFindings } from "../doctor/paired.ts";
import { type KnownPortal, portalFindings } from "../doctor/portal.ts";
import { type Ending, EXIT, type Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { type Brokered, openBrokered } from "../sources/brokered.ts";
import { columns } from "../table.ts";
import { count } from "../when.ts";

/** [CF8] Looks at all that credentials depend on, and says of each what is wrong and what to do. */
export async function doctor(
  { fix }: { readonly fix: boolean },
  json: boolean,
  host: Host,
): Promise<Result<Ending, Failure>> {
  let findings = await examined(host);
  if (fix) {
    const mended = await mend(findings, host);
    if (mended) findings = await examined(host);
  }
  const bad = findings.filter(({ state }) => state === "wrong");
  if (json) {
    const plain = findings.map(({ fix: mends, ...finding }) => ({
      ...finding,
      fixable: mends !== undefined,
    }));
    await host.io.out(`${JSON.stringify({ ok: bad.length === 0, findings: plain })}\n`);
  } else {
    await host.io.out(inWords(findings));
    if (bad.length > 0 && !fix && bad.some((finding) => finding.fix))
      host.io.note("Some of it can be mended for you: jcfetch doctor --fix");
    host.io.note(bad.length === 0 ? "Nothing is wrong." : `${count(bad.length, "thing")} to mend.`);
  }
  return ok(bad.length === 0 ? null : EXIT.configuration);
}

async function examined(host: Host): Promise<readonly Finding[]> {
  const looking = (what: string) => host.io.progress(`looking at ${what} …`);
  looking("this computer");
  const here = [...(await configFindings(host)), await agentFinding(host), await keepingFinding(host)];
  const device = await openBrokered(host);
  const known = await portals(host, device.ok ? device.value : undefined);
  const away: Finding[] = [];
  for (const [i, portal] of known.entries()) {
    looking(portal.startUrl);
    if (i === 0)
      away.push(...(await networkFindings(host, new URL(`https://${portalApiHost(portal.region)}`))));
    away.push(...(await portalFindings(host, portal)));
  }
  looking("broker and roles");
  const own = await ownSignIns(host);
  const paired = device.ok ? await pairedFindings(host, device.value) : [];
  const missing = device.ok ? [] : [notPaired(device.error, own.length > 0, host)];
  const profiles = await readProfiles(host);
  const given = device.ok ? device.value : undefined;
  const usable = profiles.ok ? profiles.value.filter(({ session }) => given || session !== undefined) : [];
  const roles = await roleFindings(host, usable, given);
  host.io.progress("");
  return [...here, ...away, ...missing, ...paired, ...own, ...roles].map((finding) => ({
    ...finding,
    what: withTilde(finding.what, host.home),
    ...(finding.next === undefined ? {} : { next: withTilde(finding.next, host.home) }),
  }));
}

function notPaired(failure: Failure, hasOwn: boolean, host: Host): Finding {
  if (failure.code !== "not-paired") return failed("terminal", failure);
  if (hasOwn) return note("terminal", "not paired: it signs in itself");
  return agentPlace(host).mode === "given"
    ? note("terminal", "not paired: it goes by the agent that JCFETCH_AGENT names")
    : failed("terminal", failure);
}

/** Of the grant and of the sessions in the config file, each once. */
async function portals(host: Host, device: Brokered | undefined): Promise<readonly KnownPortal[]> {
  const found = new Map<string, KnownPortal>();
  const granted = device && portalOfGrant(device);
  if (granted) found.set(granted.startUrl, granted);
  const own = await signIns(host);
  for (const { session } of own.ok ? own.value : []) {
    const read = await findSession(host, session);
    if (!read.ok || found.has(read.value.startUrl) || !URL.canParse(read.value.startUrl)) continue;
    const from = {
      place: `[sso-session ${session}]`,
      change: `in ~/.aws/config, [sso-session ${session}]: sso_region =`,
    };
    found.set(read.value.startUrl, { ...read.value, from });
  }
  return [...found.values()];
}

async function ownSignIns(host: Host): Promise<readonly Finding[]> {
  const found = await signIns(host);
  if (!found.ok) return [];
  return found.value.map(({ session, tokenEndsAtMs }) =>
    tokenEndsAtMs === null
      ? wrong("sign-in", `not signed in to ${session}`, `sign in: jcfetch login --session ${session}`)
      : { check: "sign-in", state: "ok", what: `signed in to ${session}` },
  );
}

/** @returns whether anything was mended, so that another look is worth it. */
async function mend(findings: readonly Finding[], host: Host): Promise<boolean> {
  let mended = false;
  for (const { check, what, fix } of findings) {
    if (!fix) continue;
    const done = await fix();
    host.io.note(done.ok ? `mended: ${check}: ${what}` : `not mended: ${check}: ${done.error.title}`);
    mended ||= done.ok;
  }
  return mended;
}

const MARKS = { ok: "ok", note: "note", wrong: "WRONG" } as const;

function inWords(findings: readonly Finding[]): string {
  const lines = columns(findings.map(({ check, state, what }) => [MARKS[state], check, what])).split("\n");
  return findings
    .map(({ next }, i) => `${lines[i]}\n${next === undefined ? "" : `       → ${next}\n`}`)
    .join("");
}
