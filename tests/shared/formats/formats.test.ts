import { describeFormatProblem, FORMAT_NAMES, formatCredentials } from "@jcfetch/shared/formats/index";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONTEXT, hostileText, sample, unpasteable } from "./samples.ts";

const written = (...args: Parameters<typeof formatCredentials>): string => {
  const result = formatCredentials(...args);
  if (!result.ok) throw new Error(describeFormatProblem(result.error));
  return result.value;
};

describe("plain values are spelled as AWS spells them", () => {
  it.each([
    [
      "sh",
      'export AWS_ACCESS_KEY_ID="ASIAEXAMPLE"\nexport AWS_SECRET_ACCESS_KEY="abc/def+ghi"\nexport AWS_SESSION_TOKEN="FwoGZXIvYXdzE=="\nexport AWS_CREDENTIAL_EXPIRATION="2030-12-01T10:20:30Z"\n',
    ],
    [
      "fish",
      'set -gx AWS_ACCESS_KEY_ID "ASIAEXAMPLE"\nset -gx AWS_SECRET_ACCESS_KEY "abc/def+ghi"\nset -gx AWS_SESSION_TOKEN "FwoGZXIvYXdzE=="\nset -gx AWS_CREDENTIAL_EXPIRATION "2030-12-01T10:20:30Z"\n',
    ],
    [
      "powershell",
      '$Env:AWS_ACCESS_KEY_ID="ASIAEXAMPLE"\n$Env:AWS_SECRET_ACCESS_KEY="abc/def+ghi"\n$Env:AWS_SESSION_TOKEN="FwoGZXIvYXdzE=="\n$Env:AWS_CREDENTIAL_EXPIRATION="2030-12-01T10:20:30Z"\n',
    ],
    [
      "cmd",
      "set AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nset AWS_SECRET_ACCESS_KEY=abc/def+ghi\nset AWS_SESSION_TOKEN=FwoGZXIvYXdzE==\nset AWS_CREDENTIAL_EXPIRATION=2030-12-01T10:20:30Z\n",
    ],
    [
      "dotenv",
      "AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nAWS_SECRET_ACCESS_KEY=abc/def+ghi\nAWS_SESSION_TOKEN=FwoGZXIvYXdzE==\nAWS_CREDENTIAL_EXPIRATION=2030-12-01T10:20:30Z\n",
    ],
    [
      "nushell",
      '{"AWS_ACCESS_KEY_ID":"ASIAEXAMPLE","AWS_SECRET_ACCESS_KEY":"abc/def+ghi","AWS_SESSION_TOKEN":"FwoGZXIvYXdzE==","AWS_CREDENTIAL_EXPIRATION":"2030-12-01T10:20:30Z"}\n',
    ],
    [
      "elvish",
      "set-env AWS_ACCESS_KEY_ID 'ASIAEXAMPLE'\nset-env AWS_SECRET_ACCESS_KEY 'abc/def+ghi'\nset-env AWS_SESSION_TOKEN 'FwoGZXIvYXdzE=='\nset-env AWS_CREDENTIAL_EXPIRATION '2030-12-01T10:20:30Z'\n",
    ],
    [
      "tcsh",
      'setenv AWS_ACCESS_KEY_ID "ASIAEXAMPLE";\nsetenv AWS_SECRET_ACCESS_KEY "abc/def+ghi";\nsetenv AWS_SESSION_TOKEN "FwoGZXIvYXdzE==";\nsetenv AWS_CREDENTIAL_EXPIRATION "2030-12-01T10:20:30Z";\n',
    ],
    [
      "xonsh",
      '$AWS_ACCESS_KEY_ID = "ASIAEXAMPLE"\n$AWS_SECRET_ACCESS_KEY = "abc/def+ghi"\n$AWS_SESSION_TOKEN = "FwoGZXIvYXdzE=="\n$AWS_CREDENTIAL_EXPIRATION = "2030-12-01T10:20:30Z"\n',
    ],
    [
      "github",
      "::add-mask::abc/def+ghi\n::add-mask::FwoGZXIvYXdzE==\nAWS_ACCESS_KEY_ID=ASIAEXAMPLE\nAWS_SECRET_ACCESS_KEY=abc/def+ghi\nAWS_SESSION_TOKEN=FwoGZXIvYXdzE==\nAWS_CREDENTIAL_EXPIRATION=2030-12-01T10:20:30Z\n",
    ],
    [
      "ini",
      "[111122223333_S3Admin]\naws_access_key_id=ASIAEXAMPLE\naws_secret_access_key=abc/def+ghi\naws_session_token=FwoGZXIvYXdzE==\n",
    ],
    [
      "credentials",
      "[111122223333_S3Admin]\naws_access_key_id=ASIAEXAMPLE\naws_secret_access_key=abc/def+ghi\naws_session_token=FwoGZXIvYXdzE==\n",
    ],
  ] as const)("[FO1] in %s", (format, text) => {
    expect(written(format, sample(), CONTEXT)).toBe(text);
  });

  it("[FO1] in the JSON of a credential_process, with the account and an expiry that is never later than AWS's", () => {
    expect(JSON.parse(written("process", sample(), CONTEXT))).toEqual({
      Version: 1,
      AccessKeyId: "ASIAEXAMPLE",
      SecretAccessKey: "abc/def+ghi",
      SessionToken: "FwoGZXIvYXdzE==",
      Expiration: "2030-12-01T10:20:30Z",
      AccountId: "111122223333",
    });
  });

  it("[FO1] in JSON for programs, with what the credentials are for", () => {
    expect(
      JSON.parse(written("json", sample(), { ...CONTEXT, profile: "dev", region: "eu-west-1" })),
    ).toEqual({
      accessKeyId: "ASIAEXAMPLE",
      secretAccessKey: "abc/def+ghi",
      sessionToken: "FwoGZXIvYXdzE==",
      expiration: "2030-12-01T10:20:30Z",
      accountId: "111122223333",
      roleName: "S3Admin",
      profile: "dev",
      region: "eu-west-1",
    });
  });

  it("[FO1] with the region under both of its names where it is known, and a block under the profile's name", () => {
    const context = { ...CONTEXT, profile: "dev", region: "eu-west-1" };
    expect(written("sh", sample(), context)).toMatch(
      /\nexport AWS_REGION="eu-west-1"\nexport AWS_DEFAULT_REGION="eu-west-1"\n$/,
    );
    expect(written("credentials", sample(), context)).toMatch(/^\[dev\]\n/);
  });
});

describe("what a format cannot carry", () => {
  const pasted = FORMAT_NAMES.filter((name) => name !== "process" && name !== "json");

  it.each(pasted)("[FO2] %s refuses what a terminal would act on, and does not tell the value", (format) => {
    fc.assert(
      fc.property(unpasteable, (secret) => {
        const result = formatCredentials(format, sample({ secret }), CONTEXT);
        expect(result).toMatchObject({ ok: false, error: { code: "cannot-carry", format } });
        expect(JSON.stringify(result)).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
    );
  });

  it.each(["process", "json"] as const)("[FO1] %s carries any text, line feeds included", (format) => {
    fc.assert(
      fc.property(fc.oneof(hostileText, unpasteable, fc.string({ unit: "binary" })), (token) => {
        const read = Object.values(JSON.parse(written(format, sample({ token }), CONTEXT)));
        expect(read).toContain(token);
      }),
    );
  });

  it("[FO2] names the field", () => {
    const result = formatCredentials("dotenv", sample({ token: "a b" }), CONTEXT);
    expect(result).toEqual({
      ok: false,
      error: { code: "cannot-carry", field: "AWS_SESSION_TOKEN", format: "dotenv" },
    });
  });

  it.each([
    ["a double quote", '"'],
    ["a percent sign", "%"],
    ["an exclamation mark", "!"],
    ["a letter outside ASCII", "é"],
    ["no character at all", ""],
    ["more than a line holds", "a".repeat(8_200)],
  ])("[FO2] cmd refuses %s", (_, secret) => {
    expect(formatCredentials("cmd", sample({ secret }), CONTEXT).ok).toBe(false);
  });

  it("[FO2] PowerShell refuses an empty value, which would delete the variable", () => {
    expect(formatCredentials("powershell", sample({ token: "" }), CONTEXT).ok).toBe(false);
  });

  it("[FO2] a block refuses a profile name that would end its heading", () => {
    const result = formatCredentials("credentials", sample(), { ...CONTEXT, profile: "a]\n[b" });
    expect(result).toMatchObject({ ok: false, error: { field: "profile" } });
  });
});
