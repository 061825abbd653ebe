import { describe, expect, it } from "vitest";
import { PAGE_MESSAGES, UI_MESSAGES } from "../../../extension/src/messaging/messages.ts";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, pageAt, signedIn, UI } from "./background-world.ts";

const noNetwork: typeof fetch = () => Promise.reject(new TypeError("offline"));
const page = pageAt(`${ACME}/start/`);
const wish = { account: "999999999999", role: "S3Admin", format: "sh" };

describe("the one door of the background", () => {
  it("[EX3] gives a portal's page none of the verbs of our own pages", async () => {
    const background = new Background(noNetwork);
    for (const { verb } of Object.values(UI_MESSAGES)) {
      expect([verb, await background.app.receive({ verb, body: {} }, page)]).toEqual([
        verb,
        { ok: false, problem: expect.objectContaining({ code: "refused" }) },
      ]);
    }
    expect(background.tabs).toEqual([]);
    expect(background.clipboard).toEqual([]);
  });

  it("[EX3] looks at the sender first: a stranger learns not even which verbs there are", async () => {
    const background = new Background(noNetwork);
    const stranger = pageAt("https://evil.example/");
    const answers = await Promise.all(
      [{ verb: "copy", body: wish }, { verb: "no-such" }, "nonsense", null].map((message) =>
        background.app.receive(message, stranger),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ ok: false, problem: { code: "refused" } });
  });

  it.each([
    ["an unknown verb", { verb: "token", body: {} }],
    [
      "a body with one member too many",
      { verb: "copy", body: { ...wish, portal: "https://globex.awsapps.com" } },
    ],
    ["an account that is none", { verb: "copy", body: { ...wish, account: "12" } }],
    ["a role that is none", { verb: "copy", body: { ...wish, role: "a/b?c" } }],
    ["an unknown format", { verb: "copy", body: { ...wish, format: "html" } }],
    ["no body", { verb: "copy" }],
    ["an inherited name", { verb: "toString", body: {} }],
  ])("refuses %s", async (_, message) => {
    const background = new Background(noNetwork);
    const answer = await background.app.receive(message, page);
    expect(answer).toMatchObject({ ok: false, problem: { code: "bad-request" } });
    expect(background.asked).toEqual([]);
  });

  it("[EX2] answers a page's copy with success, and the page never gets a credential or the token", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    const token = await signedIn(sim, background);
    const answers = [];
    for (const { verb } of Object.values(PAGE_MESSAGES)) {
      const bodies: Record<string, object> = {
        copy: wish,
        "portal-hints": { regionHints: [], generation: "gen3", rows: 1 },
        prefs: {},
        "format-set": { format: "fish" },
        "copy-text": { account: wish.account, role: wish.role, what: "account-id" },
        marks: { accounts: [wish.account] },
      };
      answers.push(await background.app.receive({ verb, body: bodies[verb] }, page));
    }
    const told = JSON.stringify(answers);
    expect(answers[0]).toEqual({
      ok: true,
      value: { expiresAtMs: expect.any(Number), label: "Storage S3Admin" },
    });
    expect(background.clipboard).toHaveLength(2);
    const secrets = [...background.clipboard[0]!.matchAll(/"([^"]+)"/g)].map(([, value]) => value!);
    expect(secrets.length).toBeGreaterThanOrEqual(3);
    for (const secret of [token, ...secrets.slice(0, 3)]) expect(told).not.toContain(secret);
  });

  it("answers a failure of its own with constant words", async () => {
    const background = new Background(noNetwork);
    background.local.get = () => Promise.reject(new Error("disk: secret words"));
    const answer = await background.app.receive({ verb: "prefs", body: {} }, UI);
    expect(answer).toMatchObject({ ok: false, problem: { code: "bug" } });
    expect(JSON.stringify(answer)).not.toContain("secret words");
  });
});
