import { consoleAddress } from "@jcfetch/shared/aws/federation";
import type { ConsolePage } from "@jcfetch/shared/domain/console";
import { describe, expect, it } from "vitest";
import { sample } from "../formats/samples.ts";

const PAGE: ConsolePage = { partition: "aws", url: "https://console.aws.amazon.com/s3/home" };

function answering(body: unknown, status = 200) {
  const calls: { url: string; method: string | undefined; body: string }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    calls.push({ url: String(input), method: init?.method, body: String(init?.body) });
    return Response.json(body, { status });
  };
  return { calls, ports: { fetch } };
}

describe("the address that opens the console", () => {
  it("[US11] comes from the sign-in service, which gets the credentials in the body alone", async () => {
    const { calls, ports } = answering({ SigninToken: "a+b/c=" });
    const address = await consoleAddress(sample(), PAGE, ports);
    expect(address.ok && address.value.reveal()).toBe(
      "https://signin.aws.amazon.com/federation?Action=login&Issuer=jcfetch&Destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2Fhome&SigninToken=a%2Bb%2Fc%3D",
    );
    expect(calls).toEqual([
      { url: "https://signin.aws.amazon.com/federation", method: "POST", body: expect.any(String) },
    ]);
    const form = new URLSearchParams(calls[0]!.body);
    expect([...form.keys()]).toEqual(["Action", "Session"]);
    expect(JSON.parse(form.get("Session")!)).toEqual({
      sessionId: "ASIAEXAMPLE",
      sessionKey: "abc/def+ghi",
      sessionToken: "FwoGZXIvYXdzE==",
    });
    expect(JSON.stringify(address)).not.toContain("a+b/c=");
  });

  it.each([
    ["aws-us-gov", undefined, "https://signin.amazonaws-us-gov.com/federation"],
    ["aws-cn", undefined, "https://signin.amazonaws.cn/federation"],
    ["aws-eusc", undefined, "https://eusc-de-east-1.signin.amazonaws-eusc.eu/federation"],
    ["aws-eusc", "eusc-de-east-1", "https://eusc-de-east-1.signin.amazonaws-eusc.eu/federation"],
  ] as const)("[US11] of %s is asked for there", async (partition, region, federation) => {
    const { calls, ports } = answering({ SigninToken: "t" });
    const page = { ...PAGE, partition, ...(region === undefined ? {} : { region }) };
    const address = await consoleAddress(sample(), page, ports);
    expect(calls[0]!.url).toBe(federation);
    expect(address.ok && address.value.reveal().startsWith(`${federation}?Action=login&`)).toBe(true);
  });

  it.each([
    [{ SigninToken: "" }, 200, "garbage"],
    [{}, 200, "garbage"],
    [{ SigninToken: "t" }, 400, "garbage"],
    [{ SigninToken: "t" }, 302, "garbage"],
    [{}, 503, "unreachable"],
    [{}, 429, "throttled"],
  ])("[US11] is none after %j with status %d", async (body, status, code) => {
    const { ports } = answering(body, status);
    expect(await consoleAddress(sample(), PAGE, ports)).toMatchObject({ ok: false, error: { code } });
  });
});
