import type { Page } from "playwright-core";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { type Broker, type BrokerOptions, startBroker } from "./broker.ts";
import { type Browser, type BrowserOptions, openBrowser } from "./browser.ts";
import { type Firefox, type FirefoxOptions, openFirefox } from "./firefox.ts";
import type { FirefoxScreen } from "./firefox-screen.ts";
import * as person from "./person.ts";
import type { Screen } from "./screen.ts";
import { type Finished, Terminal } from "./terminal.ts";
import { strangersAmong } from "./whom-it-asks.ts";

export const AWS = "/usr/bin/aws";
export const PYTHON = "/usr/bin/python3";

export const ACME = "https://acme.awsapps.com/start";
export const GLOBEX = "https://globex.awsapps.com/start";
export const STORAGE = "999999999999";

/** What is chosen besides the roles. */
export type PairedHow = Pick<person.Pairing, "mode" | "served">;

/** A browser with our extension, whichever it is, and what its pages are driven by. */
export interface Opened<S extends Screen> extends AsyncDisposable {
  /** Hosts that were asked for over the network; all of them, where the browser is watched. */
  readonly hosts: ReadonlySet<string>;
  newScreen(): Promise<S>;
  openPopup(): Promise<S>;
  /** Every tab that is open. */
  screens(): Promise<readonly S[]>;
  clipboard(): Promise<string>;
  /** End the extension's background as the browser does with one that is idle. */
  stopBackground(): Promise<void>;
  /** Signed out everywhere, as far as the browser knows. */
  forgetCookies(): Promise<void>;
}

/** A person's whole world: browser with our extension, terminal with our command line, our broker, simulated AWS. */
export interface JourneyIn<B extends Opened<S>, S extends Screen> {
  readonly sim: Sim;
  readonly broker: Broker;
  readonly browser: B;
  readonly terminal: Terminal;
  /** Another broker that the extension is to ask in this journey. */
  alsoAsks(url: string): void;
  /** Sign in at a portal in a new tab. */
  signedIn(user?: string, startUrl?: string): Promise<S>;
  /** A popup that is enrolled at the broker. */
  enrolledPopup(): Promise<S>;
  /** Pair `terminal` with some roles. @returns what the command said. */
  paired(popup: S, roles: person.Pairing["roles"], on?: Terminal, more?: PairedHow): Promise<Finished>;
  /** The real AWS CLI, with credentials from the environment or a profile. */
  aws(args: readonly string[], env?: Record<string, string>): Promise<Finished>;
  /** `GetCallerIdentity` by boto3 with a profile. */
  boto3(profile: string): Promise<Finished>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export type Journey = JourneyIn<Browser, Page>;
export type FirefoxJourney = JourneyIn<Firefox, FirefoxScreen>;

const BOTO3 = `
import boto3, sys
sts = boto3.Session(profile_name=sys.argv[1]).client("sts", endpoint_url=sys.argv[2], region_name="us-east-1")
print(sts.get_caller_identity()["Arn"])
`;

/** In Chromium. */
export async function startJourney(
  options: Partial<BrowserOptions> = {},
  settings?: BrokerOptions["settings"],
): Promise<Journey> {
  const { path: extension } = await ensureBuilt("extension-chromium-tested");
  const { watched = true } = options;
  const open = ({ tlsPort }: Sim) => openBrowser({ tlsPort, extension, ...options, watched });
  return journeyIn(open, { watched, settings });
}

export async function startFirefoxJourney(
  options: Partial<FirefoxOptions> = {},
  settings?: BrokerOptions["settings"],
): Promise<FirefoxJourney> {
  const { path: extension } = await ensureBuilt("extension-firefox-tested");
  const { watched = true } = options;
  const open = ({ tlsPort }: Sim) => openFirefox({ tlsPort, extension, ...options, watched });
  return journeyIn(open, { watched, settings });
}

async function journeyIn<B extends Opened<S>, S extends Screen>(
  open: (sim: Sim) => Promise<B>,
  { watched, settings }: { watched: boolean; settings: BrokerOptions["settings"] },
): Promise<JourneyIn<B, S>> {
  await ensureBuilt("cli");
  // What has started ends again if the rest does not start.
  await using starting = new AsyncDisposableStack();
  const sim = starting.use(await startSim());
  const broker = starting.use(await startBroker({ simPort: sim.httpPort, ...(settings && { settings }) }));
  const browser = starting.use(await open(sim));
  const terminal = starting.use(await Terminal.open());
  const brokers = [broker.url];
  if (watched) starting.defer(() => assertNoStrangers(browser.hosts, brokers));
  const closing = starting.move();

  return {
    ...{ sim, broker, browser, terminal },
    alsoAsks: (url) => void brokers.push(url),
    async signedIn(user = "ana", startUrl = ACME) {
      const page = await browser.newScreen();
      await person.signIn(page, { sim, user, startUrl });
      return page;
    },
    async enrolledPopup() {
      const popup = await browser.openPopup();
      await person.enrol(popup, await broker.newEnrolmentCode());
      return popup;
    },
    async paired(popup, roles, on = terminal, more = {}) {
      const running = on.jcfetch("pair");
      await person.pair(popup, running, { roles, name: "here", ...more });
      return running.ended;
    },
    aws: (args, env) => terminal.start([AWS, ...args, "--endpoint-url", sim.origin], env).ended,
    boto3: (profile) => terminal.start([PYTHON, "-c", BOTO3, profile, sim.origin]).ended,
    close: () => closing.disposeAsync(),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** @throws at the end of a journey in which somebody else was asked. */
function assertNoStrangers(hosts: ReadonlySet<string>, brokers: readonly string[]): void {
  const strangers = brokers.reduce(strangersAmong, [...hosts]);
  if (strangers.length > 0) throw new Error(`neither AWS, JumpCloud nor the broker: ${strangers.join(", ")}`);
}

/** `export NAME="value"` lines as an environment. */
export const environmentOf = (lines: string): Record<string, string> =>
  Object.fromEntries(
    [...lines.matchAll(/^export (\w+)="([^"]*)"$/gm)].map(([, name, value]) => [name!, value!]),
  );
