import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Sim, startSim } from "../sim/start.ts";
import { type Browser, openBrowser } from "../support/browser.ts";

let sim: Sim;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  sim = await startSim();
});
afterAll(() => sim.close());

beforeEach(async () => {
  browser = await openBrowser({ tlsPort: sim.tlsPort });
  page = await browser.context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  return async () => {
    await browser.close();
    for (const name of ["acme", "globex"]) {
      const directory = sim.world.directory(name);
      directory.portal = directory.spec.portal;
    }
    expect(errors).toEqual([]);
    expect(sim.world.unknownCalls).toEqual([]);
  };
});

async function password(user: string): Promise<void> {
  const { email, password: secret } = sim.world.user(user);
  await page.fill("#email", email);
  await page.fill("#password", secret);
  await page.click("#submit");
}

async function signInAsAna(portal: string): Promise<void> {
  await page.goto(portal);
  await password("ana");
  await page.fill("#otp", sim.world.totp("ana"));
  await page.click("#otp-submit");
}

const accountRow = (id: string) => page.locator("tr[aria-level='1']", { hasText: id });
const portalCookie = async (host: string) =>
  (await browser.context.cookies(`https://${host}/start/`)).find(({ name }) => name.includes("authn"));

describe("a person with a browser", () => {
  test("signs in with password and authenticator code, and sees 307 accounts on four pages", async () => {
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByRole("heading", { name: "AWS accounts (307)" }).waitFor();
    expect(page.url()).toBe("https://acme.awsapps.com/start/#/");
    const cookie = await portalCookie("acme.awsapps.com");
    expect(cookie).toMatchObject({
      name: "x-amz-sso_authn",
      domain: "acme.awsapps.com",
      path: "/",
      httpOnly: false,
      secure: true,
    });
    expect(cookie?.value.split(".")).toHaveLength(5);

    const rows = page.locator("tr[aria-level='1']");
    const counts = [];
    for (const number of [1, 2, 3, 4]) {
      await page.getByRole("button", { name: `Page ${number}` }).click();
      await page.locator(`[aria-label='Page ${number}'][aria-current='true']`).waitFor();
      counts.push(await rows.count());
    }
    expect(counts).toEqual([100, 100, 100, 7]);
    const next = page.getByRole("button", { name: "Next page" });
    expect(await next.getAttribute("aria-disabled")).toBe("true");
    expect(await next.getAttribute("disabled")).toBeNull();
  });

  test("is refused with a wrong password and with a wrong code", async () => {
    await page.goto("https://acme.awsapps.com/start");
    await page.fill("#email", "ana@acme.example");
    await page.fill("#password", "guess");
    await page.click("#submit");
    await page.getByText("Authentication failed.").waitFor();
    await password("ana");
    const wrong = String((Number(sim.world.totp("ana")) + 1) % 1_000_000).padStart(6, "0");
    await page.fill("#otp", wrong);
    await page.click("#otp-submit");
    await page.getByText("Authentication failed.").waitFor();
    expect(await portalCookie("acme.awsapps.com")).toBeUndefined();
  });

  test("signs in with a push that the phone approves, after one that it denied", async () => {
    await page.goto("https://acme.awsapps.com/start");
    await password("ben");
    await page.click("#use-push");
    await sim.world.jumpcloud.pushWaiting();
    sim.world.jumpcloud.answerPush("denied", "ben@acme.example");
    await page.getByText("The request was denied.").waitFor();

    const again = sim.world.jumpcloud.pushWaiting();
    await page.click("#use-push");
    await again;
    const approved = await fetch(`${sim.origin}/__sim/push/approve`, { method: "POST" });
    expect(approved.status).toBe(200);
    await page.getByRole("heading", { name: "AWS accounts (3)" }).waitFor();
  });

  test("opens an account of generation 3: roles come late, as sibling rows, and are new nodes each time", async () => {
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByRole("searchbox").fill("999999999999");
    await accountRow("999999999999").waitFor();
    await accountRow("999999999999").getByRole("button", { expanded: false }).click();
    await page.getByText("Loading roles").waitFor();
    const role = page.locator("tr[aria-level='1'] + tr[aria-level='2']").getByTestId("federation-link");
    await role.waitFor();
    expect(await role.getAttribute("href")).toBe("#/console?account_id=999999999999&role_name=S3Admin");
    const node = await role.elementHandle();
    await page.getByRole("button", { name: "Refresh" }).click();
    await accountRow("999999999999").getByRole("button", { expanded: false }).click();
    await role.waitFor();
    expect(await node?.evaluate((element) => element.isConnected)).toBe(false);
  });

  test("reads working credentials in the dialog that Access keys opens", async () => {
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByRole("searchbox").fill("Payments");
    await accountRow("444455556666").getByTestId("account-list-cell").click();
    await page.getByTestId("role-creation-action-button").first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Option 2").waitFor();
    const block = await dialog.locator("table[class*='code-table']").nth(1).innerText();
    const key = block.match(/^aws_access_key_id=(ASIA\w+)$/m)?.[1];
    const issued = sim.world.credentials.find(key ?? "");
    expect(issued?.accountId).toBe("444455556666");
    expect(block).toContain("[444455556666_ReadOnly]");
    expect(block).toContain(`aws_secret_access_key=${issued?.secretAccessKey}`);
    await dialog.getByRole("button", { name: "Close" }).click();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  test("gets to the portal from the tile in the JumpCloud console, where no request went before", async () => {
    await page.goto("https://console.jumpcloud.com/");
    await password("ana");
    await page.fill("#otp", sim.world.totp("ana"));
    await page.click("#otp-submit");
    const opened = browser.context.waitForEvent("page");
    await page.getByRole("link", { name: "AWS (Globex)" }).click();
    await (await opened).getByText("AWS accounts (14)").waitFor();
    expect(await portalCookie("globex.awsapps.com")).toBeDefined();
  });

  test("opens the console by a deep link and lands where it points", async () => {
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByRole("heading", { name: "AWS accounts (307)" }).waitFor();
    const destination = encodeURIComponent("https://eu-west-1.console.aws.amazon.com/s3/buckets");
    const link = "https://acme.awsapps.com/start/#/console?account_id=111122223333&role_name=PowerUser";
    await page.goto(`${link}&destination=${destination}`);
    await page.waitForURL("https://eu-west-1.console.aws.amazon.com/s3/buckets");
    expect(await page.locator("#account").innerText()).toBe("111122223333");
    expect(await page.locator("#role").innerText()).toBe("PowerUser");
  });

  test("sees generation 2 with the other cookie name at the second directory, and all accounts on one page", async () => {
    await signInAsAna("https://globex.awsapps.com/start");
    await page.getByText("AWS accounts (14)").waitFor();
    expect(await portalCookie("globex.awsapps.com")).toMatchObject({
      name: "__Host-idc-access-portal-authn",
      path: "/",
      secure: true,
    });
    expect(await page.getByTestId("account-list-cell").count()).toBe(14);
    await page.getByTestId("account-list-cell").filter({ hasText: "777788889999" }).click();
    const item = page.getByTestId("role-list-container").getByTestId("role-list-item").first();
    await item.waitFor();
    const link = item.getByTestId("federation-link");
    expect(await link.getAttribute("href")).toBe("#/console?account_id=777788889999&role_name=Admin");
    expect(await item.getByTestId("role-creation-action-button").innerText()).toContain("Access keys");
  });

  test("shows a failed load of roles as the portal does, and retries it", async () => {
    await signInAsAna("https://globex.awsapps.com/start");
    sim.faults.add({ operation: "ListApplicationProfiles", kind: "throttle", times: 1 });
    await page.getByTestId("account-list-cell").filter({ hasText: "777788889999" }).click();
    await page.getByTestId("error-component-alert").getByText("HTTP 429").waitFor();
    await page.getByTestId("retry-button").click();
    await page.getByTestId("federation-link").first().waitFor();
  });

  test("signs out, which revokes the session and takes the cookie away", async () => {
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByRole("heading", { name: "AWS accounts (307)" }).waitFor();
    const token = (await portalCookie("acme.awsapps.com"))?.value ?? "";
    await page.getByRole("button", { name: "User related actions" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You have been signed out" }).waitFor();
    expect(sim.world.sessions.live(token)).toBeUndefined();
    expect(await portalCookie("acme.awsapps.com")).toBeUndefined();
    // JumpCloud's session lives on: the way back asks for no password.
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "AWS accounts (307)" }).waitFor();
  });

  test("approves a command line's device code only by a click in the portal", async () => {
    const client = sim.world.oidc.register({
      name: "a-terminal",
      scopes: ["sso:account:access"],
      grantTypes: [],
      redirectUris: [],
      issuerUrl: undefined,
    });
    const device = sim.world.oidc.startDevice(client, "https://acme.awsapps.com/start");
    await signInAsAna(`https://acme.awsapps.com/start/#/device?user_code=${device.userCode}`);
    await page.getByText("a-terminal asks for access").waitFor();
    expect(device.session).toBeUndefined();
    await page.getByRole("button", { name: "Allow access" }).click();
    await page.getByRole("heading", { name: "Request approved" }).waitFor();
    expect(device.session?.user.name).toBe("ana");
  });
});

describe("the portal's switches", () => {
  const acme = () => sim.world.directory("acme");

  test.each([
    ["env", ["env", "assets", "csp"]],
    ["meta", ["meta"]],
    ["assets", ["assets"]],
    ["csp", ["csp"]],
    ["none", []],
  ] as const)("with the hint %s the page tells its region by %j", async (regionHint, told) => {
    acme().portal = { ...acme().portal, regionHint };
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByRole("heading", { name: "AWS accounts (307)" }).waitFor();
    const hints = await page.evaluate(() => ({
      env: JSON.parse(document.querySelector("#env")?.textContent ?? "{}").region,
      meta: document.querySelector("meta[name=region]")?.getAttribute("content"),
      assets: document
        .querySelector("meta[name=assets-base-path]")
        ?.getAttribute("content")
        ?.match(/sso-portal\.([^.]+)\./)?.[1],
      csp: document
        .querySelector("meta[http-equiv=Content-Security-Policy]")
        ?.getAttribute("content")
        ?.match(/connect-src https:\/\/portal\.sso\.([^.]+)\./)?.[1],
    }));
    const named = Object.entries(hints).filter(([, region]) => region);
    expect(named).toEqual(told.map((name) => [name, "us-east-1"]));
  });

  test("the cookie can lie under /start/", async () => {
    acme().portal = { ...acme().portal, cookiePath: "/start/" };
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByRole("heading", { name: "AWS accounts (307)" }).waitFor();
    expect((await portalCookie("acme.awsapps.com"))?.path).toBe("/start/");
  });

  test("the cookie can come later than the page", async () => {
    acme().portal = { ...acme().portal, cookieDelayMs: 3_600_000 };
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByRole("heading", { name: "AWS accounts (307)" }).waitFor();
    expect(await portalCookie("acme.awsapps.com")).toBeUndefined();
  });

  test("generation 1 has none of the marks of the later ones", async () => {
    acme().portal = { ...acme().portal, generation: 1 };
    await signInAsAna("https://acme.awsapps.com/start");
    await page.getByText("AWS Account (307)").waitFor();
    expect(await page.locator("portal-instance").count()).toBe(13);
    expect(await page.locator("[data-testid], [role=treegrid], #env").count()).toBe(0);
  });
});
