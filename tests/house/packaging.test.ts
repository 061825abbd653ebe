import { describe, expect, it } from "vitest";
import { read } from "./tree.ts";

const FOLDER = "packaging/devcontainer/src/jcfetch";

/**
 * The dev container Feature against the published rules, of which these are those that it can break.
 *
 * @source containers.dev, "Dev Container Features reference"; devcontainers/spec, schemas/devContainerFeature.schema.json
 */
const PROPERTIES = [
  "id",
  "version",
  "name",
  "description",
  "documentationURL",
  "licenseURL",
  "keywords",
  "options",
  "containerEnv",
  "privileged",
  "init",
  "capAdd",
  "securityOpt",
  "entrypoint",
  "customizations",
  "mounts",
  "installsAfter",
  "dependsOn",
  "legacyIds",
  "deprecated",
];

interface Feature {
  readonly id: string;
  readonly version: string;
  readonly options: Record<string, Record<string, unknown>>;
  readonly installsAfter: readonly string[];
}

describe("the dev container Feature", () => {
  const feature = JSON.parse(read(`${FOLDER}/devcontainer-feature.json`)) as Feature;
  const script = read(`${FOLDER}/install.sh`);

  it("keeps to the published rules for its metadata", () => {
    expect(Object.keys(feature).filter((name) => !PROPERTIES.includes(name))).toEqual([]);
    expect(feature.id).toBe(FOLDER.split("/").at(-1));
    expect(feature.version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const option of Object.values(feature.options)) {
      expect(Object.keys(option).sort()).toEqual(["default", "description", "type"]);
      expect([option.type, typeof option.default]).toEqual(["string", "string"]);
    }
    // Without a version: it is the same Feature in each of them.
    expect(feature.installsAfter.filter((id) => /:\d/.test(id))).toEqual([]);
  });

  it("has the version of what it installs", () => {
    expect(feature.version).toBe((JSON.parse(read("package.json")) as Feature).version);
  });

  it("mounts nothing, asks for no rights, and its script reads the options it declares", () => {
    expect(Object.keys(feature)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/mounts|privileged|capAdd|securityOpt/)]),
    );
    const asked = [...script.matchAll(/\$\{([A-Z0-9]+):-/g)].map(([, name]) => name as string);
    const declared = Object.keys(feature.options).map((name) => name.toUpperCase());
    expect(asked.filter((name) => name !== "DESTDIR").sort()).toEqual(declared.sort());
  });

  it("is explained option by option", () => {
    const readme = read(`${FOLDER}/README.md`);
    expect(Object.keys(feature.options).filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
