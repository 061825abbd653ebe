import { HostCode } from "@jcfetch/shared/local-broker";
import { decide } from "@jcfetch/shared/protocol/policy";
import { decodeSetupCode, SETUP_LIFETIME_SECONDS, type SetupCode } from "@jcfetch/shared/protocol/setup";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { toMs } from "@jcfetch/shared/time";
import { brokerStatus, startBroker } from "../broker/broker.ts";
import { askHost } from "../broker/host-program.ts";
import { deviceSealing, isPaired, readDevice } from "../config/device-key.ts";
import { tryFolder } from "../config/folder.ts";
import { isRegionName } from "../config/names.ts";
import { ownFolder } from "../config/paths.ts";
import { type Profile, readProfiles } from "../config/profiles.ts";
import type { Sealing } from "../config/sealing.ts";
import { type Failure, fail, failureOf } from "../exit.ts";
import type { Host } from "../host.ts";
import { openBrokered } from "../sources/brokered.ts";
import { ticker } from "../ticker.ts";
import { count } from "../when.ts";
import { warn } from "./broker.ts";
import { addProfiles } from "./configure.ts";
import { type GrantedRole, grantedRoles, isPattern } from "./granted.ts";
import { pairWith } from "./pair.ts";

/** Everything on one computer with one paste: broker, extension, this terminal, its profiles. */
export async function setup(
  { port, keyring }: { readonly port?: number; readonly keyring: boolean },
  json: boolean,
  host: Host,
): Promise<Result<null, Failure>> {
  const fits = await fitsHere(host);
  if (!fits.ok) return fits;
  const sealing = keyring ? await deviceSealing(host) : undefined;
  if (sealing && !sealing.ok) return sealing;
  host.io.progress("starting the broker …");
  const started = await startBroker({ keyring, ...(port === undefined ? {} : { port }) }, host);
  host.io.progress("");
  if (!started.ok) return started;
  warn(started.value, host);
  const { url } = started.value.status;
  const code = await newCode(host);
  if (!code.ok) return code;
  if (code.value.read.url !== url) throw new Error("the code is for another broker");

  await show(code.value.text, url, json, host);
  const paired = await waitForPaste(code.value.read, sealing?.value, host);
  if (!paired.ok) return paired;
  const profiles = await profileEach(host);
  if (!profiles.ok) return profiles;
  return prove(profiles.value, json, host);
}

/** [ST4] Browser, broker and terminal are on one computer, and this terminal belongs to no other broker. */
async function fitsHere(host: Host): Promise<Result<null, Failure>> {
  if (host.env.SSH_CONNECTION !== undefined || host.env.SSH_TTY !== undefined) {
    const title = "this terminal is on another computer than your browser";
    const next =
      "pair it with the broker you have: open the extension, Terminals, Pair a terminal; then jcfetch pair";
    return err(fail("setup-elsewhere", title, next));
  }
  const prepared = await tryFolder(ownFolder(host));
  if (!prepared.ok) return prepared;
  if (!(await isPaired(host))) return ok(null);
  const [device, status] = await Promise.all([readDevice(host), brokerStatus(host)]);
  if (!status.ok) return status;
  if (!device.ok || device.value.url === status.value.url) return ok(null);
  const title = `this terminal is paired with the broker at ${device.value.url}`;
  return err(fail("setup-elsewhere", title, "leave that one first: jcfetch logout; then jcfetch setup"));
}

async function newCode(host: Host): Promise<Result<{ text: string; read: SetupCode }, Failure>> {
  const made = await askHost(host, ["invite"], HostCode);
  if (!made.ok) return made;
  const read = await decodeSetupCode(made.value.code);
  return read ? ok({ text: made.value.code, read }) : err(failureOf({ code: "code-unreadable" }));
}

async function show(text: string, url: string | null, json: boolean, host: Host): Promise<void> {
  const { io } = host;
  if (json) return io.out(`${JSON.stringify({ code: text, url })}\n`);
  io.note(`The broker runs at ${url}, for this computer alone, and goes on when this command ends.`);
  io.note("Open the extension in your browser, go to Terminals, and paste this code:");
  io.note(`\n${text}\n`);
  io.note(
    "Paste it nowhere else. It is good for ten minutes, and once. Ctrl-C stops; nothing is then given.",
  );
}

/** [ST5] */
async function waitForPaste(
  code: SetupCode,
  sealing: Sealing | undefined,
  host: Host,
): Promise<Result<null, Failure>> {
  const waiting = ticker(host);
  const openedUntilMs = host.now() + toMs(SETUP_LIFETIME_SECONDS);
  waiting.wait("Waiting for the code in the extension", openedUntilMs);
  const voice = {
    words: () => undefined,
    waiting: (until: number) => waiting.wait("Choose the roles in the extension", until),
  };
  const paired = await pairWith(
    code,
    { url: code.url, openedUntilMs, voice, ...(sealing && { sealing }) },
    host,
  );
  waiting.stop();
  host.io.progress("");
  if (paired.ok) return ok(null);
  const next = "run jcfetch setup again; the broker goes on, and nothing was given";
  return err(paired.error.code === "cannot-write" ? paired.error : { ...paired.error, next });
}

/** [ST6] A profile for each role that was given and has none yet. Names that are somebody else's stay theirs. */
async function profileEach(host: Host): Promise<Result<readonly Profile[], Failure>> {
  const [device, before] = await Promise.all([openBrokered(host), readProfiles(host)]);
  if (!device.ok) return device;
  if (!before.ok) return before;
  const region = host.env.AWS_REGION ?? host.env.AWS_DEFAULT_REGION ?? "";
  const missing = grantedRoles(device.value.grant).filter(
    (role) => !isPattern(role) && !before.value.some((profile) => isFor(profile, role)),
  );
  const wanted = missing.map(({ account, role }) => ({
    profile: `${account}_${role}`,
    ref: { account, role } as Pick<Profile, "account" | "role">,
    ...(isRegionName(region) ? { region } : {}),
  }));
  const added = await addProfiles(host, wanted, {
    taken: ({ title }) => host.io.note(`${title}; for that role: jcfetch configure`),
  });
  if (!added.ok) return added;
  const after = await readProfiles(host);
  if (!after.ok) return after;
  const granted = grantedRoles(device.value.grant);
  return ok(after.value.filter((profile) => granted.some((role) => isFor(profile, role))));
}

const isFor = (profile: Profile, { account, role }: GrantedRole): boolean =>
  profile.account === account && profile.role === role;

/** Fetch once, with a role that asks nobody if there is one: what does not work is better found now. */
async function prove(
  profiles: readonly Profile[],
  json: boolean,
  host: Host,
): Promise<Result<null, Failure>> {
  const [first] = profiles;
  if (!json && first) {
    host.io.note(`${count(profiles.length, "profile")}: ${profiles.map(({ name }) => name).join(", ")}`);
  }
  const fetched = await fetchOne(profiles, host);
  if (json) {
    const names = profiles.map(({ name }) => name);
    await host.io.out(`${JSON.stringify({ profiles: names, fetched: fetched.ok && first !== undefined })}\n`);
  }
  if (!fetched.ok) {
    return err({ ...fetched.error, title: `all is set up, but ${fetched.error.title}` });
  }
  if (!json) {
    host.io.note(
      first
        ? `It works. Try it: aws sts get-caller-identity --profile ${first.name}`
        : "No profile was written. Next: jcfetch configure",
    );
  }
  return ok(null);
}

async function fetchOne(profiles: readonly Profile[], host: Host): Promise<Result<unknown, Failure>> {
  const device = await openBrokered(host);
  if (!device.ok) return device;
  const { grant } = device.value;
  const asksNobody = (profile: Profile): boolean => {
    const decision = decide(grant, profile);
    return decision.access === "allowed" && !decision.asks;
  };
  const chosen = profiles.find(asksNobody) ?? profiles[0];
  return chosen ? device.value.credentials({ account: chosen.account, role: chosen.role }) : ok(null);
}
