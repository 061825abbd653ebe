import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { credentialProcess } from "../../cli/src/config/command-line.ts";
import { parseIni, profileOf } from "../../cli/src/config/ini.ts";

/** The real reader of what we read and write, given all inputs in one run. */
function botocore<T>(program: string, input: unknown): T {
  const args = ["-c", `import json, sys\ninput = json.load(sys.stdin)\n${program}`];
  return JSON.parse(
    execFileSync("/usr/bin/python3", args, { input: JSON.stringify(input), encoding: "utf8" }),
  );
}

const PROFILES_OF_TEXTS = `
import os, tempfile
from botocore.configloader import load_config
from botocore.exceptions import ConfigParseError
path = os.path.join(tempfile.mkdtemp(), "config")
answers = []
for text in input:
    open(path, "w").write(text)
    try:
        answers.append(sorted(load_config(path)["profiles"]))
    except ConfigParseError:
        answers.append(None)
os.remove(path)
os.rmdir(os.path.dirname(path))
print(json.dumps(answers))
`;

const WORDS_OF_LINES = `
from botocore.compat import compat_shell_split
print(json.dumps([compat_shell_split(line, platform="linux") for line in input]))
`;

describe("botocore", () => {
  it("[CL3] accepts the config files that we accept, finds the same profiles in them, and refuses those we refuse", () => {
    const line = fc.constantFrom(
      "[default]",
      "[profile a]",
      "[profile b]",
      "  [profile c]",
      "[broken",
      "region = x",
      "output: y",
      "  nested = z",
      "\tdeeper = 1",
      "# note",
      "  ; note",
      "",
      "  ",
      "s3 =",
      "word",
    );
    const texts = fc.sample(
      fc.array(line, { maxLength: 8 }).map((lines) => lines.join("\n")),
      500,
    );
    const theirs = botocore<(string[] | null)[]>(PROFILES_OF_TEXTS, texts);
    for (const [i, text] of texts.entries()) {
      const ours = parseIni(text);
      const names = ours.ok ? ours.value.map(profileOf).sort() : null;
      expect([text, names]).toEqual([text, theirs[i]]);
    }
    expect(theirs.filter((one) => one !== null).length).toBeGreaterThan(20);
  });

  it("[CL2] splits the line of a credential_process into the words it was made of", () => {
    const selves = [["/usr/local/bin/jcfetch"], ["/usr/bin/node", "/opt/jc fetch (new)/~x/jcfetch.mjs"]];
    const lines = selves.map((self) => {
      const line = credentialProcess(self, "dev");
      return line.ok ? line.value : "";
    });
    expect(botocore(WORDS_OF_LINES, lines)).toEqual(selves.map((self) => [...self, "process", "dev"]));
  });
});
