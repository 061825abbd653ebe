/**
 * `npm run deploy`: the broker into the Cloudflare account of `deploy.local.json`. Builds, deploys, makes the secrets that
 * are missing and shows none. docs/runbook.md says what to do before and after.
 */
import { parseArgs } from "node:util";
import { encodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import { SECRET_NAMES, type SecretName } from "../worker/src/local/config.ts";
import { type BrokerSecrets, brokerIdFrom, generateSecrets } from "../worker/src/local/keys.ts";
import { describePart, ensureBuilt } from "./build.ts";
import { type Kept, keepNext, keptFile, nextFile, readKept, readNext, takeNext } from "./deploy/kept.ts";
import { refusal } from "./deploy/refusal.ts";
import { costsOf, isSecretName, secretsToMake } from "./deploy/secrets.ts";
import { readSettings, SETTINGS_FILE, type Settings, urlOf, variablesOf, Wrong } from "./deploy/settings.ts";
import { Wrangler } from "./deploy/wrangler.ts";
import { row, say } from "./lib/report.ts";

interface Wish {
  readonly settings: Settings;
  readonly dryRun: boolean;
  readonly rotate: readonly SecretName[];
}

const USAGE = `npm run deploy -- [--dry-run] [--settings FILE] [--rotate NAME ... [--yes]]

  --dry-run        check the settings and build; talk to nobody
  --settings FILE  another file than ${SETTINGS_FILE}
  --rotate NAME    overwrite a secret: ${SECRET_NAMES.join(", ")}
  --yes            what that costs has been read; without it, it is told and nothing is done

The broker into the Cloudflare account of the settings. Secrets that are missing are made, and none is shown.
docs/runbook.md says what to do before and after.`;

/** @returns `undefined` when only help was wanted. @throws Wrong */
function readWish(): Wish | undefined {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h", default: false },
      "dry-run": { type: "boolean", default: false },
      rotate: { type: "string", multiple: true, default: [] },
      settings: { type: "string", default: SETTINGS_FILE },
      yes: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return undefined;
  }
  const unknown = values.rotate.filter((name) => !isSecretName(name));
  if (unknown.length > 0) throw new Wrong(`there is no secret named ${unknown.join(", ")}`);
  const rotate = values.rotate.filter(isSecretName);
  // Before anything is built and anybody asked: it is the answer to what was typed.
  if (rotate.length > 0 && !values.yes)
    throw new Wrong(
      `This overwrites secrets:\n  ${costsOf(rotate).join("\n  ")}\nSay --yes if that is what you want.`,
    );
  return { settings: readSettings(values.settings), dryRun: values["dry-run"], rotate };
}

async function deploy({ settings, dryRun, rotate }: Wish): Promise<void> {
  const variables = Object.entries(await variablesOf(settings)).map(([name, value]) => `${name}=${value}`);
  say(row("settings", "good", `${settings.name} at ${urlOf(settings)}, ${variables.join(" ")}`));
  say(describePart("worker", await ensureBuilt("worker")));

  const cloudflare = new Wrangler(settings);
  const make = secretsToMake(dryRun ? [] : await cloudflare.secretNames(), rotate);

  await cloudflare.deploy({ dryRun });
  say(row("Worker", dryRun ? "checked" : "deployed", dryRun ? "nothing was sent" : urlOf(settings)));
  if (dryRun) {
    await rehearse(make);
    say(row("secrets", "would make", `${make.join(", ")}, where missing or named`));
    say("\nNext: npm run deploy");
    return;
  }
  const kept = await makeSecrets(settings, make, cloudflare);
  say(
    row("secrets", make.length > 0 ? "made" : "unchanged", make.length > 0 ? make.join(", ") : "all there"),
  );
  await sayWhatNext(settings, kept);
}

/** @returns what is kept of the deployment on this computer, if anything is. */
async function makeSecrets(
  { host }: Settings,
  make: readonly SecretName[],
  cloudflare: Wrangler,
): Promise<Kept | undefined> {
  const before = readKept(host);
  if (make.length === 0) return settleNext(host, before);
  const secrets = await generateSecrets();
  const bid = make.includes("BROKER_SIGNING_KEY") ? await brokerIdFrom(secrets) : before?.bid;
  const enrolmentKey = make.includes("ENROLMENT_KEY") ? secrets.ENROLMENT_KEY : before?.enrolmentKey;
  if (make.includes("ENROLMENT_KEY") && bid === undefined)
    throw new Wrong(
      `which broker this is, is not known on this computer: bring ${keptFile(host)} here first`,
    );
  const after = bid && enrolmentKey ? { bid, enrolmentKey } : undefined;
  if (after) await keepNext(host, after);
  await cloudflare.putSecrets(bulkOf(secrets, make));
  if (after) say(row("kept here", "written", takeNext(host)));
  return after;
}

/** Everything is there, and an earlier upload did not end well. Where nothing was before it, it must have arrived. */
function settleNext(host: string, before: Kept | undefined): Kept | undefined {
  const next = readNext(host);
  if (!next) return before;
  if (!before) {
    say(row("kept here", "written", takeNext(host)));
    return next;
  }
  say(
    row("kept here", "two keys", `an upload did not end well; what it was to bring is in ${nextFile(host)}`),
  );
  say("  If invites are refused: npm run deploy -- --rotate ENROLMENT_KEY --yes");
  return before;
}

const bulkOf = (secrets: BrokerSecrets, names: readonly SecretName[]): string =>
  JSON.stringify(Object.fromEntries(names.map((name) => [name, secrets[name].reveal()])));

/** A dry run makes secrets as a real one would, and forgets them: an id that was shown could be taken for the broker's. */
async function rehearse(make: readonly SecretName[]): Promise<void> {
  bulkOf(await generateSecrets(), make);
}

async function sayWhatNext(settings: Settings, kept: Kept | undefined): Promise<void> {
  const url = urlOf(settings);
  if (!kept) {
    say(`\nThis broker was first deployed from elsewhere: its key for invites is not on this computer.`);
    say(`  npm run smoke -- ${url}`);
    return;
  }
  const { bid } = kept;
  say(row("broker id", "", bid));
  if (settings.memberDirectories.length > 0)
    say(row("for members", "", await encodeBrokerAddress({ bid, url })));
  say("\nNext, when its certificate is there (some minutes after the first time):");
  say(`  npm run smoke -- ${url} ${bid}`);
  say("  npm run invite");
}

try {
  const wish = readWish();
  if (wish) await deploy(wish);
} catch (error) {
  say(refusal(error));
  process.exitCode = 2;
}
