import {
  chmodSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { decodeBrokerAddress, directoryHash } from "@jcfetch/shared/protocol/membership";
import { Secret } from "@jcfetch/shared/secret";
import { toSeconds } from "@jcfetch/shared/time";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, ROOT, run } from "../../tools/lib/process.ts";
import { readEnrolmentToken } from "../../worker/src/broker/enrolment-token.ts";
import { SECRET_NAMES } from "../../worker/src/local/config.ts";
import { type BrokerSecrets, brokerIdFrom } from "../../worker/src/local/keys.ts";
import { startBroker } from "../support/broker.ts";
import { newExtension } from "../support/clients.ts";
import { ACCOUNT, type Cloudflare, startCloudflare } from "../support/cloudflare.ts";

/** `npm run deploy` and `npm run invite` with the real wrangler, against a double of Cloudflare's API. */
const HOST = "broker.acme.example";
const folder = mkdtempSync(join(tmpdir(), "jcfetch-deploy-"));
const settingsFile = join(folder, "deploy.json");
const keptFile = join(folder, "jcfetch/deployments", `${HOST}.json`);

/** What other users of the machine see of every process, at each moment a secret could be under way. */
const seen: string[] = [];
const look = (): void => {
  for (const path of globSync("/proc/[0-9]*/cmdline")) {
    try {
      seen.push(readFileSync(path, "utf8"));
    } catch {} // it has ended meanwhile
  }
};

let cloudflare: Cloudflare;
const script = (name: "deploy" | "invite", ...args: string[]): Promise<Finished> =>
  run(process.execPath, [join(ROOT, `tools/${name}.ts`), "--settings", settingsFile, ...args], {
    XDG_STATE_HOME: folder,
    CLOUDFLARE_API_BASE_URL: cloudflare.url,
    CLOUDFLARE_API_TOKEN: "token-of-the-operator",
  });

const settings = (more: object = {}): void =>
  writeFileSync(
    settingsFile,
    JSON.stringify({ account: ACCOUNT, host: HOST, memberDirectories: ["d-9067642ab1"], ...more }),
  );

/** The part of a secret that nobody may see. */
const core = (value: string): string =>
  value.startsWith("{") ? (JSON.parse(value) as { d: string }).d : value;

const secretsIn = (secrets: ReadonlyMap<string, string>): BrokerSecrets =>
  Object.fromEntries(SECRET_NAMES.map((name) => [name, new Secret(secrets.get(name)!)])) as BrokerSecrets;

const idOf = (secrets: ReadonlyMap<string, string>): Promise<string> => brokerIdFrom(secretsIn(secrets));

/** The first run, and what Cloudflare and the operator had after it. */
let first: Finished;
let firstSecrets: ReadonlyMap<string, string>;
let firstKept: string;
beforeAll(async () => {
  settings();
  cloudflare = await startCloudflare(look);
  first = await script("deploy");
  firstSecrets = new Map(cloudflare.secrets);
  firstKept = readFileSync(keptFile, "utf8");
});
afterAll(async () => {
  await cloudflare[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe("npm run deploy", () => {
  it("uploads the Worker with the settings of this deployment, then the secrets it has not", async () => {
    expect(first.code, first.output).toBe(0);
    expect([...firstSecrets.keys()].sort()).toEqual([...SECRET_NAMES].sort());
    const upload = cloudflare.sent.find(({ method, path }) => method === "PUT" && path.includes("?"))!;
    const metadata = JSON.parse(/\r\n\r\n(\{.*?\})\r\n--/s.exec(upload.body)![1]!) as {
      bindings: { name: string; type: string; text?: string }[];
      migrations: unknown;
      observability: { enabled: boolean };
    };
    const plain = metadata.bindings.filter(({ type }) => type === "plain_text");
    expect(Object.fromEntries(plain.map(({ name, text }) => [name, text]))).toEqual({
      ALLOWED_HOSTS: HOST,
      MEMBER_DIRECTORIES: await directoryHash("d-9067642ab1"),
    });
    expect(metadata.observability.enabled).toBe(true);
    for (const value of firstSecrets.values()) expect(upload.body).not.toContain(core(value));
  });

  it("shows no secret to anybody: not on the screen, in no argument, no log and no file but one", async () => {
    const logs = globSync(join(ROOT, ".wrangler/logs/*.log")).map((path) => readFileSync(path, "utf8"));
    expect(seen.some((argv) => argv.includes("wrangler"))).toBe(true);
    for (const [name, value] of firstSecrets) {
      const places = { screen: first.output, arguments: seen.join("\n"), logs: logs.join("\n") };
      for (const [place, text] of Object.entries(places)) {
        expect(text.includes(core(value)), `${name} in ${place}`).toBe(false);
      }
      expect(firstKept.includes(core(value)), name).toBe(name === "ENROLMENT_KEY");
    }
    expect(statSync(keptFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(keptFile, "..")).mode & 0o777).toBe(0o700);
  });

  it("says which broker it is, and gives the code that an organization can publish", async () => {
    const bid = await idOf(firstSecrets);
    expect(first.output).toContain(`npm run smoke -- https://${HOST} ${bid}`);
    const code = /jcm1_[\w-]+/.exec(first.output)![0];
    expect(await decodeBrokerAddress(code)).toEqual({ bid, url: `https://${HOST}` });
  });

  it("makes secrets with which the bundle that it uploads is the broker it named, and takes its invites", async () => {
    const { code, output } = await script("invite");
    expect(code, output).toBe(0);
    const invite = (await decodeEnrolmentCode(/jcb1_[\w-]+/.exec(output)![0]))!;
    await using broker = await startBroker({
      simPort: 9,
      secrets: secretsIn(cloudflare.secrets),
      settings: { LOCAL: "1", ALLOWED_HOSTS: HOST, MEMBER_DIRECTORIES: await directoryHash("d-9067642ab1") },
    });
    const { output: seen } = await run(process.execPath, [
      join(ROOT, "tools/smoke.ts"),
      broker.url,
      invite.bid,
    ]);
    expect(seen).toContain("0 wrong");
    const extension = await newExtension({ url: broker.url, bid: invite.bid, now: Date.now });
    expect(await extension.enrol(invite.token)).toMatchObject({ ok: true });
  });

  it("overwrites nothing when it is run again", async () => {
    const before = [...cloudflare.secrets];
    const again = await script("deploy");
    expect(again.code, again.output).toBe(0);
    expect([...cloudflare.secrets]).toEqual(before);
  });

  it("overwrites a secret that is named, once its cost has been accepted", async () => {
    const before = new Map(cloudflare.secrets);
    const sentBefore = cloudflare.sent.length;
    const refused = await script("deploy", "--rotate", "BROKER_SIGNING_KEY");
    expect(refused.code).toBe(2);
    expect(refused.output).toContain("the broker gets another name");
    expect(cloudflare.sent.length, "before anybody is asked").toBe(sentBefore);

    const done = await script("deploy", "--rotate", "BROKER_SIGNING_KEY", "--yes");
    expect(done.code, done.output).toBe(0);
    const changed = [...before].filter(([name, value]) => cloudflare.secrets.get(name) !== value);
    expect(changed.map(([name]) => name)).toEqual(["BROKER_SIGNING_KEY"]);
    expect(done.output).toContain(await idOf(cloudflare.secrets));
    expect(JSON.parse(readFileSync(keptFile, "utf8"))).toMatchObject({ bid: await idOf(cloudflare.secrets) });
  });

  it("keeps the key that Cloudflare has, when an upload of another one fails", async () => {
    const rotate = () => script("deploy", "--rotate", "ENROLMENT_KEY", "--yes");
    const key = () => (JSON.parse(readFileSync(keptFile, "utf8")) as Record<string, string>).ENROLMENT_KEY;
    cloudflare.fault = "refuses";
    const refused = await rotate();
    cloudflare.fault = undefined;
    expect(refused.code).toBe(2);
    expect(key()).toBe(cloudflare.secrets.get("ENROLMENT_KEY"));
    expect((await script("deploy")).output).toContain("--rotate ENROLMENT_KEY");

    expect((await rotate()).code).toBe(0);
    expect(key()).toBe(cloudflare.secrets.get("ENROLMENT_KEY"));
    expect(existsSync(keptFile.replace(/json$/, "next.json"))).toBe(false);
  });

  it("has the key of a first upload whose answer was lost", async () => {
    const kept = readFileSync(keptFile);
    rmSync(keptFile);
    const secrets = new Map(cloudflare.secrets);
    cloudflare.secrets.clear();
    cloudflare.fault = "loses the answer";
    const lost = await script("deploy");
    cloudflare.fault = undefined;
    expect(lost.code).toBe(2);
    expect(existsSync(keptFile)).toBe(false);
    expect((await script("deploy")).code).toBe(0);
    expect(JSON.parse(readFileSync(keptFile, "utf8"))).toEqual({
      bid: await idOf(cloudflare.secrets),
      ENROLMENT_KEY: cloudflare.secrets.get("ENROLMENT_KEY"),
    });
    writeFileSync(keptFile, kept);
    for (const [name, value] of secrets) cloudflare.secrets.set(name, value);
  });

  it("in a dry run sends nothing, keeps nothing and rehearses the rest", async () => {
    const sentBefore = cloudflare.sent.length;
    settings({ host: "other.acme.example", jurisdiction: "eu" });
    const { code, output } = await script("deploy", "--dry-run");
    settings();
    expect(code, output).toBe(0);
    expect(output).toContain("JURISDICTION=eu");
    expect(output, "no id that nobody will have").not.toMatch(/broker id|jcm1_|smoke/);
    expect(cloudflare.sent.length).toBe(sentBefore);
    expect(existsSync(join(keptFile, "../other.acme.example.json"))).toBe(false);
  });

  it.each([
    ["an account that is none", { account: "acme" }, "account: is 32 hexadecimal digits"],
    ["an address for a name", { host: "https://broker.acme.example" }, "host: is no host name"],
    ["a directory by its alias", { memberDirectories: ["acme"] }, "memberDirectories.0: is a directory id"],
    ["a place that is none", { jurisdiction: "mars" }, "jurisdiction: "],
    ["a setting that is none", { hosts: [] }, "hosts: "],
  ])("refuses %s", async (_, wrong, text) => {
    settings(wrong);
    const { code, output } = await script("deploy", "--dry-run");
    settings();
    expect(code).toBe(2);
    expect(output).toContain(text);
  });
});

describe("npm run invite", () => {
  it("[EN1] makes a code that the deployed broker takes", async () => {
    const { code, output } = await script("invite");
    expect(code, output).toBe(0);
    const invite = await decodeEnrolmentCode(/jcb1_[\w-]+/.exec(output)![0]);
    const { bid } = JSON.parse(readFileSync(keptFile, "utf8")) as { bid: string };
    expect(invite).toMatchObject({ bid, url: `https://${HOST}` });
    const key = new Secret<Uint8Array>(fromBase64url(cloudflare.secrets.get("ENROLMENT_KEY")!)!);
    expect(await readEnrolmentToken(key, invite!.token, toSeconds(Date.now()))).toBeDefined();
  });

  it("refuses a key that others can read, and says what is missing where there is none", async () => {
    chmodSync(keptFile, 0o644);
    const exposed = await script("invite");
    chmodSync(keptFile, 0o600);
    expect([exposed.code, exposed.output]).toEqual([2, expect.stringContaining("can be read by others")]);
    settings({ host: "unknown.acme.example" });
    const unknown = await script("invite");
    settings();
    expect([unknown.code, unknown.output]).toEqual([2, expect.stringContaining("is not there")]);
  });
});

describe.each(["deploy", "invite", "smoke"])("npm run %s", (name) => {
  it("says how it is used, and does nothing else", async () => {
    const { code, output } = await run(process.execPath, [join(ROOT, `tools/${name}.ts`), "--help"]);
    expect([code, output]).toEqual([0, expect.stringContaining(`npm run ${name} -- `)]);
  });
});

it.each(["deploy", "invite"] as const)("npm run %s names an option that it does not know", async (name) => {
  const { code, output } = await script(name, "--dry");
  expect([code, output.trim()]).toEqual([2, "Unknown option '--dry'; see --help"]);
});
