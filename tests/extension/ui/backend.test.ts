import { describe, expect, it } from "vitest";
import { connectBackend } from "../../../extension/src/ui/backend.ts";

/** A background that is ended before it answers the first `lost` messages. */
function endedWhileAnswering(lost: number) {
  const verbs: string[] = [];
  const runtime = {
    async sendMessage(message: unknown): Promise<unknown> {
      verbs.push((message as { verb: string }).verb);
      if (verbs.length <= lost)
        throw new Error("Could not establish connection. Receiving end does not exist.");
      return { ok: true, value: { regions: ["us-east-1"] } };
    },
  };
  return { verbs, backend: connectBackend(runtime) };
}

describe("[EX10] a background that is ended while it answers", () => {
  it("is asked again for what only reads", async () => {
    const { backend, verbs } = endedWhileAnswering(2);
    expect(await backend.regions({})).toEqual({ ok: true, value: { regions: ["us-east-1"] } });
    expect(verbs).toEqual(["regions", "regions", "regions"]);
  });

  it("is given up when it stays away, with the next step", async () => {
    const { backend, verbs } = endedWhileAnswering(Number.POSITIVE_INFINITY);
    expect(await backend.regions({})).toMatchObject({ ok: false, problem: { next: "reload the page" } });
    expect(verbs).toHaveLength(5);
  });

  it("is not asked again for a deed", async () => {
    const { backend, verbs } = endedWhileAnswering(1);
    expect(await backend.pairStart({})).toMatchObject({ ok: false, problem: { code: "bug" } });
    expect(verbs).toEqual(["pair-start"]);
  });

  it("is not asked again when it has refused", async () => {
    const problem = { code: "no-portal", text: "there is no portal", next: "add one" };
    let asked = 0;
    const backend = connectBackend({
      async sendMessage() {
        asked += 1;
        return { ok: false, problem };
      },
    });
    expect(await backend.directory({ portal: "https://acme.awsapps.com" })).toEqual({ ok: false, problem });
    expect(asked).toBe(1);
  });
});
