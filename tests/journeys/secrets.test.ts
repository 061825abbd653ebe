import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { environmentOf, STORAGE, startJourney } from "../support/journey.ts";
import { copyButton, openAccount, press, waitForButton } from "../support/person.ts";

/** A secret in the ways in which a careless program would have written it down. */
function spellings(secret: string): Map<string, Buffer> {
  const bytes = Buffer.from(secret);
  return new Map([
    ["plain", bytes],
    ["base64", Buffer.from(bytes.toString("base64").replace(/=+$/, "").slice(0, -2))],
    ["base64url", Buffer.from(bytes.toString("base64url").slice(0, -2))],
    ["hex", Buffer.from(bytes.toString("hex"))],
    ["UTF-16", Buffer.from(secret, "utf16le")],
    ["reversed", Buffer.from([...secret].reverse().join(""))],
    ["JSON", Buffer.from(JSON.stringify(secret).slice(1, -1))],
  ]);
}

async function filesUnder(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.map((name) => join(folder, name));
  const kinds = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return paths.filter((_, i) => kinds[i]?.isFile());
}

/** `where: which secret, how written` for everything found. */
async function search(places: Map<string, Buffer>, secrets: Map<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (const [what, secret] of secrets) {
    for (const [how, needle] of spellings(secret)) {
      for (const [where, content] of places)
        if (content.includes(needle)) found.push(`${where}: ${what}, ${how}`);
    }
  }
  return found;
}

it("[EX1] [CL4] [AU1] leaves no token and no credential in database, logs, the terminal's home or the extension's folders", async () => {
  const journey = await startJourney();
  try {
    const page = await journey.signedIn();
    await openAccount(page, STORAGE);
    await copyButton(page, STORAGE, "S3Admin").waitFor();
    await press(page, copyButton(page, STORAGE, "S3Admin"));
    await waitForButton(page, /^Copied/);
    const copied = environmentOf(await journey.browser.clipboard());

    const popup = await journey.enrolledPopup();
    const paired = await journey.paired(popup, [{ search: STORAGE, role: "S3Admin" }]);
    const flags = ["--profile", "s3", "--account", STORAGE, "--role", "S3Admin", "--region", "us-east-1"];
    const configured = await journey.terminal.run("configure", ...flags);
    const fetched = await journey.terminal.run("--profile", "s3");
    const listed = await journey.aws(["s3", "ls", "--profile", "s3"]);
    expect(listed.code, listed.stderr).toBe(0);

    const cookie = (await journey.browser.context.cookies("https://acme.awsapps.com/start")).find(
      ({ name }) => name === "x-amz-sso_authn",
    );
    const credentials = JSON.parse(fetched.stdout) as Record<string, string>;
    const secrets = new Map([
      ["portal token", cookie!.value],
      ["copied secret key", copied.AWS_SECRET_ACCESS_KEY!],
      ["copied session token", copied.AWS_SESSION_TOKEN!],
      ["fetched secret key", credentials.SecretAccessKey!],
      ["fetched session token", credentials.SessionToken!],
    ]);
    for (const secret of secrets.values()) expect(secret.length).toBeGreaterThan(30);

    const places = new Map<string, Buffer>();
    places.set("broker's log", Buffer.from(journey.broker.log()));
    for (const { stderr } of [paired, configured, fetched, listed])
      places.set(`stderr ${stderr.slice(0, 20)}`, Buffer.from(stderr));
    const extensionFolders = (await filesUnder(journey.browser.profile)).filter((path) =>
      /Extension|IndexedDB|Local Storage|Session Storage|Service Worker/.test(path),
    );
    const folders = [
      ...(await filesUnder(journey.broker.stateDir)),
      ...(await filesUnder(journey.terminal.home)),
      ...extensionFolders,
    ];
    for (const path of folders) places.set(path, await readFile(path));

    expect(extensionFolders.length).toBeGreaterThan(3);
    expect(await search(places, secrets)).toEqual([]);
    // The search itself must be able to find: the folder does hold the account's name.
    expect(await search(places, new Map([["canary", "S3Admin"]]))).not.toEqual([]);
  } finally {
    await journey.close();
  }
});
