import { setTimeout as after } from "node:timers/promises";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { MINUTE_MS } from "@jcfetch/shared/time";
import type { LoginFlags } from "../args-session.ts";
import { findSession, type SsoSession, sessionNameOfProfile, sessionNames } from "../config/sessions.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { portalName } from "../portal-name.ts";
import { type Choice, chooseFlow, type Surroundings, surroundings } from "../sign-in/environment.ts";
import { isNamed, openBrowser, openersFor } from "../sign-in/opener.ts";
import { type Shown, type SignedIn, WAIT_MS } from "../sign-in/signing-in.ts";
import { directFor } from "../sources/direct.ts";
import { awsFetch } from "../sources/direct-network.ts";
import { keep } from "../sources/direct-session.ts";
import { openTokenStore, type TokenStore } from "../sources/direct-store.ts";
import type { Tokens } from "../sources/direct-tokens.ts";
import { ticker } from "../ticker.ts";
import { duration } from "../when.ts";

/** For the calls before the browser opens, and for each after it. */
const CALLS_MS = MINUTE_MS / 2;

/** Sign in at the access portal, for every program of this user. */
export async function login(flags: LoginFlags, json: boolean, host: Host): Promise<Result<null, Failure>> {
  const session = await chosenSession(flags, host);
  if (!session.ok) return session;
  const store = await openTokenStore(host, session.value);
  if (!store.ok) return store;
  const held = flags.fresh ? ok(undefined) : await stillSignedIn(host, session.value, store.value);
  if (!held.ok) return held;
  const ready = await store.value.ready();
  if (!ready.ok) return ready;
  const signedIn = held.value ? ok(held.value) : await signIn(flags, host, session.value);
  if (!signedIn.ok) return signedIn;

  const { name } = session.value;
  const tokens: Tokens = { ...signedIn.value, ...(flags.share ? { sharedAs: name } : {}) };
  if (!held.value || flags.share) {
    const around = { host, session: session.value, store: store.value };
    const kept = await store.value.alone(() => keep(tokens, around, held.value ? undefined : "anew"));
    if (!kept.ok) return kept;
  }
  await report(tokens, held.value !== undefined, { host, session: session.value, json });
  if (store.value.endsWithAgent && !held.value) host.io.note(KEPT_BY_AGENT);
  return ok(null);
}

/** [DM5] */
const KEPT_BY_AGENT =
  "it is kept in memory only: it ends with the agent, by jcfetch agent stop or lock, and with this computer's session";

/** The one that was named, that the profile names, or the only one there is. */
async function chosenSession(
  { session, profile }: LoginFlags,
  host: Host,
): Promise<Result<SsoSession, Failure>> {
  if (session !== undefined) return findSession(host, session);
  const wanted = profile ?? host.env.AWS_PROFILE;
  if (wanted) {
    const named = await sessionNameOfProfile(host, wanted);
    if (!named.ok) return named;
    if (named.value !== undefined) return findSession(host, named.value);
    if (profile !== undefined) {
      const next = "name it: jcfetch login --session NAME; or pair this terminal: jcfetch pair";
      return err(fail("unknown-session", `the profile ${profile} names no session to sign in at`, next));
    }
  }
  const names = await sessionNames(host);
  if (!names.ok) return names;
  const [first, ...others] = names.value;
  if (first !== undefined && others.length === 0) return findSession(host, first);
  if (first === undefined) {
    const next =
      "add an [sso-session NAME] with sso_start_url and sso_region to ~/.aws/config; or, with the extension: jcfetch pair";
    return err(fail("unknown-session", "there is no session to sign in at", next));
  }
  const choice = names.value.slice(0, 8).join(", ");
  return err(fail("usage", "no session was named", `jcfetch login --session ${first}; sessions: ${choice}`));
}

/** Asked at AWS: a session may have been ended there before its time. */
async function stillSignedIn(
  host: Host,
  session: SsoSession,
  store: TokenStore,
): Promise<Result<Tokens | undefined, Failure>> {
  const before = await store.read();
  if (!before.ok) return before;
  if (before.value === undefined) return ok(undefined);
  const direct = await directFor(host, session);
  if (!direct.ok) return direct;
  const checked = await direct.value.check();
  if (checked.ok) return store.read();
  return checked.error.code === "sso-expired" ? ok(undefined) : checked;
}

async function signIn(
  flags: LoginFlags,
  host: Host,
  session: SsoSession,
): Promise<Result<SignedIn, Failure>> {
  const around = surroundings(host);
  const choice = chooseFlow(around, flags);
  const waiting = ticker(host);
  const show = async (shown: Shown): Promise<void> => {
    await tell(shown, { host, session, choice, flags, around });
    waiting.wait("waiting for you; a JumpCloud Protect push is good for 60 seconds", host.now() + WAIT_MS);
  };
  const signingIn = {
    ...{ host, session, show },
    ports: () => ({ fetch: awsFetch(host, CALLS_MS) }),
    pause: (ms: number, signal?: AbortSignal) => after(ms, undefined, { signal }),
  };
  try {
    if (choice.flow === "pkce") {
      return await (await import("../sign-in/pkce.ts")).signInByBrowser(signingIn);
    }
    return await (await import("../sign-in/device-code.ts")).signInByCode(signingIn);
  } finally {
    waiting.stop();
    host.io.progress("");
  }
}

interface Telling {
  readonly host: Host;
  readonly session: SsoSession;
  readonly choice: Choice;
  readonly flags: LoginFlags;
  readonly around: Surroundings;
}

/** The address, always; and the browser, where there is one to open. */
async function tell({ url, code }: Shown, { host, session, choice, flags, around }: Telling): Promise<void> {
  const { io, env } = host;
  const at = `${portalName(session.startUrl)} (${session.region})`;
  io.note(`signing in at ${at}${choice.why === undefined ? "" : `, with a code, as ${choice.why}`}`);
  const { browser, noBrowser } = flags;
  const opens = !noBrowser && (choice.flow === "pkce" || isNamed(around, browser));
  const opened = opens && (await openBrowser(openersFor(around, url, browser), env));
  if (code !== undefined) {
    io.note(`open this address in any browser; it must show the code ${code}, else do not allow it:`);
  } else if (opened) {
    io.note("your browser opens; if it does not, open this address on this computer:");
  } else {
    io.note("open this address in the browser of this computer:");
  }
  io.note(`  ${url}`);
  if (code === undefined || io.columns === undefined) return;
  const { qrCode } = await import("../sign-in/qr-code.ts");
  const picture = qrCode(url, io.columns);
  if (picture !== undefined) io.note(picture);
}

async function report(
  { expiresAtMs, refresh, sharedAs }: Tokens,
  already: boolean,
  { host, session, json }: Pick<Telling, "host" | "session"> & { readonly json: boolean },
): Promise<void> {
  const { name, startUrl, region } = session;
  const refreshes = refresh !== undefined;
  if (json) {
    const shared = sharedAs !== undefined;
    const data = { session: name, startUrl, region, already, expiresAtMs, refreshes, shared };
    return host.io.out(`${JSON.stringify(data)}\n`);
  }
  const lasts = refreshes
    ? "refreshed without you until the portal session ends"
    : `good for ${duration(expiresAtMs - host.now())}`;
  host.io.note(`${already ? "already signed in" : "signed in"} at ${portalName(startUrl)}: ${lasts}`);
}
