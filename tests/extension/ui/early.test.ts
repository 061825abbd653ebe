import { describe, expect, it } from "vitest";
import { directory, state } from "../../../extension/src/messaging/messages.ts";
import { afterEarly, askEarly } from "../../../extension/src/ui/early.ts";

const PORTAL = "https://acme.awsapps.com";

function background() {
  const asked: string[] = [];
  const runtime = {
    async sendMessage(message: unknown): Promise<unknown> {
      asked.push((message as { verb: string }).verb);
      return asked.length;
    },
  };
  return { asked, runtime };
}

describe("what the popup asks before its own script is read", () => {
  it("is not asked again, but for the second time", async () => {
    const { asked, runtime } = background();
    const questions = [
      { verb: directory.verb, body: { portal: PORTAL } },
      { verb: state.verb, body: {} },
    ];
    askEarly(runtime, questions);
    const page = afterEarly(runtime);
    expect(await page.sendMessage(questions[0])).toBe(1);
    expect(await page.sendMessage({ verb: "directory", body: { portal: "https://other.awsapps.com" } })).toBe(
      3,
    );
    expect(await page.sendMessage(questions[1])).toBe(2);
    expect(await page.sendMessage(questions[1])).toBe(4);
    expect(asked).toEqual(["directory", "state", "directory", "state"]);
  });

  it("[EX10] is asked again when the answer was lost", async () => {
    const lost = { sendMessage: () => Promise.reject(new Error("ended")) };
    const { runtime } = background();
    const question = { verb: "state", body: {} };
    askEarly(lost, [question]);
    const page = afterEarly(runtime);
    await expect(page.sendMessage(question)).rejects.toThrow("ended");
    expect(await page.sendMessage(question)).toBe(1);
  });
});
