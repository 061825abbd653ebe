import { describe, expect, it } from "vitest";
import { type Fault, startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, signedIn } from "../messaging/background-world.ts";

const wish = { portal: ACME, account: "999999999999", role: "S3Admin", format: "sh" };

describe("copying credentials", () => {
  it("[EX4] puts them on the clipboard from the background, in the format asked for, and remembers which, not what", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    const copied = await background.ask("copyRole", { ...wish, format: "fish" });
    expect(copied).toMatchObject({ ok: true, value: { label: "999999999999 S3Admin" } });
    expect(background.clipboard).toHaveLength(1);
    expect(background.clipboard[0]).toMatch(/^set -gx AWS_ACCESS_KEY_ID /);
    const state = await background.ask("state");
    expect(state).toMatchObject({
      value: {
        copies: [{ portal: ACME, account: wish.account, role: wish.role }],
        recents: [{ portal: ACME, account: wish.account, role: wish.role }],
        prefs: { format: "fish" },
      },
    });
  });

  it.each<[Fault["kind"], string]>([
    ["throttle", "throttled"],
    ["unauthorized", "sso-expired"],
    ["forbidden", "role-not-assigned"],
    ["error", "offline"],
    ["garbage", "upstream"],
  ])("says what is wrong at %s, and leaves the clipboard alone", async (kind, code) => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    sim.faults.add({ operation: "GetRoleCredentials", kind, status: 503 });
    const answer = await background.ask("copyRole", wish);
    expect(answer).toMatchObject({
      ok: false,
      problem: { code, text: expect.any(String), next: expect.any(String) },
    });
    expect(background.clipboard).toEqual([]);
    const state = await background.ask("state");
    expect(state).toMatchObject({ value: { copies: [], recents: [] } });
  });

  it("says so when the browser does not let the clipboard be written", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    background.clipboardFault = "clipboard";
    expect(await background.ask("copyRole", wish)).toMatchObject({ problem: { code: "clipboard" } });
    expect(await background.ask("state")).toMatchObject({ value: { copies: [] } });
  });

  it("calls the account by its name once the name is known", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim), { haste: 1_000 });
    await signedIn(sim, background);
    await background.directory();
    expect(await background.ask("copyRole", wish)).toMatchObject({ value: { label: "Storage S3Admin" } });
  });
});

describe("opening the console", () => {
  it("goes through the portal's shortcut link, which holds no secret", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    const token = await signedIn(sim, background);
    const destination =
      "https://123456789012-abc123.eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1";
    await background.ask("openConsole", {
      portal: ACME,
      account: wish.account,
      role: "a=b,c@d",
      destination,
    });
    const [opened = ""] = background.tabs;
    expect(opened.startsWith(`${ACME}/start/#/console?`)).toBe(true);
    expect(opened).not.toContain(token);
    expect(Object.fromEntries(new URLSearchParams(opened.split("?").slice(1).join("?")))).toEqual({
      account_id: wish.account,
      role_name: "a=b,c@d",
      destination: "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1",
    });
  });

  it.each([
    "https://evil.example/",
    "https://console.aws.amazon.com.evil.example/",
    "https://evilconsole.aws.amazon.com/",
    "http://console.aws.amazon.com/",
    "https://console.aws.amazon.com:444/",
    "https://user@console.aws.amazon.com/",
    "javascript:alert(1)",
  ])("does not lead to %s", async (destination) => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    const { account, role } = wish;
    const answer = await background.ask("openConsole", { portal: ACME, account, role, destination });
    expect(answer).toMatchObject({ problem: { code: "not-a-console" } });
    expect(background.tabs).toEqual([]);
  });
});
