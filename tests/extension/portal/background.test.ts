import * as v from "valibot";
import { expect, test } from "vitest";
import { PAGE_MESSAGES } from "../../../extension/src/messaging/messages.ts";
import { connectBackground } from "../../../extension/src/portal/background.ts";

/** Answers like the background's door: by verb, with the body held against the schema of that verb. */
function door(answers: Record<string, unknown>) {
  const seen: unknown[] = [];
  return {
    seen,
    async sendMessage(message: unknown): Promise<unknown> {
      const { verb, body } = message as { verb: string; body: unknown };
      const known = Object.values(PAGE_MESSAGES).find((one) => one.verb === verb);
      if (!known) throw new Error(`no page message is called ${verb}`);
      seen.push(v.parse(known.request, body));
      return answers[verb];
    },
  };
}

const target = { account: "111122223333", role: "ReadOnly" };

test("[EX2] each message of the page passes the background's schema", async () => {
  const runtime = door({
    copy: { ok: true, value: { expiresAtMs: 5, label: "x" } },
    prefs: { ok: true, value: { format: "fish", theme: "dark" } },
    "portal-hints": { ok: true, value: {} },
    "format-set": { ok: true, value: {} },
  });
  const background = connectBackground(runtime);
  expect(await background.copy(target, "powershell")).toEqual({ ok: true, value: { expiresAtMs: 5 } });
  expect(await background.format()).toBe("fish");
  await background.tellPage({ generation: "gen3", rows: 2 }, ["us-east-1"]);
  await background.rememberFormat("cmd");
  expect(runtime.seen).toEqual([
    { ...target, format: "powershell" },
    {},
    { generation: "gen3", rows: 2, regionHints: ["us-east-1"] },
    { format: "cmd" },
  ]);
});

test("a refusal keeps its own words", async () => {
  const problem = { code: "signed-out", text: "no session", next: "sign in" };
  const background = connectBackground(door({ copy: { ok: false, problem } }));
  expect(await background.copy(target, "sh")).toEqual({ ok: false, problem });
});

test.each([
  ["nothing", undefined],
  ["a refusal without words", { ok: false }],
  ["a success without an end", { ok: true, value: {} }],
])("an answer of another version, %s, is a refusal that says to reload", async (_what, answer) => {
  const reply = await connectBackground(door({ copy: answer })).copy(target, "sh");
  expect(reply).toMatchObject({ ok: false, problem: { next: "reload the page" } });
});

test("a background that is gone is a refusal, and the format falls back", async () => {
  const background = connectBackground({ sendMessage: () => Promise.reject(new Error("gone")) });
  expect(await background.copy(target, "sh")).toMatchObject({ ok: false });
  expect(await background.format()).toBe("sh");
});
