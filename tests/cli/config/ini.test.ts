import { describe, expect, it } from "vitest";
import { parseIni, profileOf } from "../../../cli/src/config/ini.ts";

const settingsOf = (text: string): unknown => {
  const parsed = parseIni(text);
  if (!parsed.ok) return parsed.error;
  return parsed.value.map(({ header, settings }) => [
    header,
    ...settings.map(({ key, value }) => `${key}=${value}`),
  ]);
};

describe("a config file", () => {
  it("[CL3] is read with its comments, nested values, spaces and either line ending", () => {
    const text =
      "# c\r\n[default]\r\nRegion = a = b\r\ns3 =\r\n  max = 1\r\n\r\n; c\r\n[profile x]\r\n  k: v\r\n  l = m\r\n";
    expect(settingsOf(text)).toEqual([
      ["default", "region=a = b", "s3="],
      ["profile x", "k=v", "l=m"],
    ]);
  });

  it.each([
    ["[a\nb = c\n", 1],
    ["k = v\n", 1],
    ["[a]\nhello\n", 2],
    ["[a]\nk = v\nK = w\n", 3],
    ["[a]\n[b]\n[a]\n", 3],
    ["[a]\n= v\n", 2],
    ["[a]\ns3 =\n  x = 1\n  word\n", 4],
  ])("[CL5] %j is broken in line %d", (text, line) => {
    const parsed = parseIni(text);
    expect(parsed.ok || parsed.error.line).toBe(line);
  });

  it("[CL6] of many sections and settings is read in a time that grows with its length alone", () => {
    // Compared each with each, these lines would take longer than a test may.
    const sections = Array.from({ length: 100_000 }, (_, i) => `[profile p${i}]\n`);
    const settings = Array.from({ length: 100_000 }, (_, i) => `k${i} = v\n`);
    const parsed = parseIni([...sections, ...settings].join(""));
    expect(parsed.ok && parsed.value.length).toBe(100_000);
    expect(parsed.ok && parsed.value.at(-1)!.settings.length).toBe(100_000);
  });

  it.each([
    ["profile dev", "dev"],
    ["default", "default"],
    ['profile "a b"', "a b"],
    ["profile   x", "x"],
    ["sso-session acme", undefined],
    ["dev", undefined],
    ["profile a b", undefined],
  ])("[CL3] the section [%s] is the profile %s", (header, name) => {
    expect(profileOf({ header, line: 1, settings: [] })).toBe(name);
  });
});
