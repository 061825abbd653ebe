import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "../lib/process.ts";

/** All that decides whether a version may be published. */
export interface State {
  readonly version: string;
  readonly license: string;
  readonly changelog: string;
  /** `git status --porcelain` */
  readonly changes: string;
  /** Tags of the commit that is checked out. */
  readonly tags: readonly string[];
}

/** What stands between this state and a publication, each with what to do about it; nothing when nothing does. */
export function obstacles({ version, license, changelog, changes, tags }: State): string[] {
  const heading = changelog.split("\n").find((line) => line.startsWith(`## ${version} `));
  return [
    ...(changes === "" ? [] : ["the working tree has changes: commit them"]),
    ...(tags.includes(`v${version}`) ? [] : [`this commit is not v${version}: git tag -s v${version}`]),
    ...(/^## \S+ – \d{4}-\d{2}-\d{2}$/.test(heading ?? "")
      ? []
      : [`CHANGELOG.md gives version ${version} no date: write it into its heading`]),
    ...(license === "UNLICENSED"
      ? ["nobody may use it: the license in package.json is UNLICENSED. Its owner decides"]
      : []),
  ];
}

export async function stateHere(): Promise<State> {
  const { version, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
    license: string;
  };
  const git = async (...args: string[]): Promise<string> => {
    const { code, output } = await run("git", args);
    if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}\n${output}`);
    return output.trim();
  };
  return {
    version,
    license,
    changelog: readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"),
    changes: await git("status", "--porcelain"),
    tags: (await git("tag", "--points-at", "HEAD")).split("\n"),
  };
}
