import { expect, it } from "vitest";
import { filesBelow, search } from "../support/canaries.ts";
import { environmentOf, STORAGE, startJourney } from "../support/journey.ts";
import { copyButton, openAccount, press, waitForButton } from "../support/person.ts";

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
    const kept = /Extension|IndexedDB|Local Storage|Session Storage|Service Worker/;
    const extensionFolders = await filesBelow(journey.browser.profile, [], kept);
    const folders = [
      await filesBelow(journey.broker.stateDir),
      await filesBelow(journey.terminal.home),
      extensionFolders,
    ];
    for (const files of folders) for (const [path, bytes] of files) places.set(path, bytes);

    expect(extensionFolders.size).toBeGreaterThan(3);
    expect(search(places, secrets)).toEqual([]);
    // The search itself must be able to find: the folder does hold the role's name, as it is.
    expect(search(places, new Map([["canary", "S3Admin"]])).join("\n")).toContain("canary (0) in ");
  } finally {
    await journey.close();
  }
});
