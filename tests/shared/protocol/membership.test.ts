import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { decodeBrokerAddress, directoryHash, encodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import { describe, expect, it } from "vitest";

const bid = "q".repeat(42) as BrokerId;
const address = { bid: `${bid}w` as BrokerId, url: "https://broker.acme.example" };

describe("the code of a broker that admits members", () => {
  it("[EN10] carries which broker it is and where, through pasting", async () => {
    const code = await encodeBrokerAddress(address);
    expect(code).toMatch(/^jcm1_[\w-]+$/);
    expect(await decodeBrokerAddress(` ${code.slice(0, 30)}\n${code.slice(30)} `)).toEqual(address);
  });

  it("[EN10] is no invite, and an invite is not one of these", async () => {
    const code = await encodeBrokerAddress(address);
    expect(await decodeEnrolmentCode(code)).toBeUndefined();
    expect(await decodeBrokerAddress(code.replace("jcm1", "jcb1"))).toBeUndefined();
  });

  it("[EN10] is refused with a letter changed, cut short, or with an address that is not secure", async () => {
    const code = await encodeBrokerAddress(address);
    const changed = `${code.slice(0, 40)}${code[40] === "A" ? "B" : "A"}${code.slice(41)}`;
    expect(await decodeBrokerAddress(changed)).toBeUndefined();
    expect(await decodeBrokerAddress(code.slice(0, -1))).toBeUndefined();
    for (const url of [
      "http://broker.acme.example",
      "https://ana@broker.acme.example",
      "https://b.example/x",
    ]) {
      expect(await decodeBrokerAddress(await encodeBrokerAddress({ ...address, url })), url).toBeUndefined();
    }
  });
});

describe("a directory's hash", () => {
  it("[EN6] is plain SHA-256 in base64url, so that any tool can make it", async () => {
    // printf %s d-9067642ab1 | openssl dgst -sha256 -binary | basenc --base64url
    expect(await directoryHash("d-9067642ab1")).toBe("5Lvds8YaTpEwKvEI9HR5nRTTX6TmTqCkJYKGsD2u1_Q");
  });
});
