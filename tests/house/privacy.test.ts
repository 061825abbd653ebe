import { homedir, tmpdir } from "node:os";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { files, ROOT, read } from "./tree.ts";

const BINARY = /\.(png|ico|jpg|woff2?|gz|zip)$/;
const texts = files.filter((path) => !BINARY.test(path));

/** Folders of the machine this runs on; a temporary folder's parent says nothing about anybody. */
const ownFolders = [ROOT, homedir(), ...(dirname(ROOT) === tmpdir() ? [] : [dirname(ROOT)])]
  .filter((path) => path.length > 1)
  .map((path) => `${path}/`);
/** Home folders in general, of people and of build machines. Users in examples are called ana and ben. */
const HOMES =
  /(?<![\w.$~}-])\/(?:root|home\/(?!ana\b|ben\b|\$)\w+|Users\/(?!ana\b|ben\b)\w+|runner|builds)\//;

describe("what is committed", () => {
  it("names no folder of a machine it was written on", () => {
    const found = texts.filter((path) => {
      const text = read(path);
      return (
        HOMES.test(text) ||
        ownFolders.some((folder) => text.replaceAll(/[\w.-]\/[\w./-]*/g, "").includes(folder))
      );
    });
    expect(found).toEqual([]);
  });

  it("names no address that packages are downloaded from", () => {
    const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, { resolved?: string }> };
    const addresses = Object.entries(lock.packages).filter(([, { resolved }]) =>
      /^\w+:\/\//.test(resolved ?? ""),
    );
    expect(addresses.map(([path]) => path)).toEqual([]);
    const registries = texts.filter((path) =>
      /\bregistry\s*=|:\/\/[\w.-]*registry[\w.-]*\./i.test(read(path)),
    );
    expect(registries).toEqual([]);
  });

  it("pins every package to one version with a checksum", () => {
    type Entry = {
      resolved?: string;
      version?: string;
      integrity?: string;
      link?: boolean;
      inBundle?: boolean;
    };
    const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, Entry> };
    const loose = Object.entries(lock.packages)
      .filter(
        ([path, entry]) => path.includes("node_modules/") && entry.link !== true && entry.inBundle !== true,
      )
      .filter(([, entry]) => entry.version === undefined || entry.integrity === undefined);
    expect(loose.map(([path]) => path)).toEqual([]);
    const manifests = ["package.json", ...files.filter((path) => /^\w+\/package\.json$/.test(path))];
    const ranges = manifests.flatMap((path) => {
      const { dependencies, devDependencies } = JSON.parse(read(path)) as Record<
        string,
        Record<string, string>
      >;
      return Object.entries({ ...dependencies, ...devDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
        .map(([name, version]) => `${path}: ${name} ${version}`);
    });
    expect(ranges).toEqual([]);
  });

  it("contacts nobody but AWS, JumpCloud and the broker: no other host stands in the programs", () => {
    const known =
      /^(?:[\w.${}*<>-]*\.)?(?:amazonaws\.com(?:\.cn)?|awsapps\.(?:com|cn)|aws\.amazon\.com|amazonaws\.cn|signin\.aws|aws|jumpcloud\.com|amazonaws-us-gov\.com|console\.amazonaws\.cn|api\.aws)$|^www\.w3\.org$|^schemas\.microsoft\.com$|^127\.0\.0\.1$|^localhost$|^\[::1\]$|\.example$|^jcfetch\.dev$/;
    const strange = files
      .filter((path) => /^(shared|worker|extension|cli)\/(src\/.*\.(ts|tsx)|wxt\.config\.ts)$/.test(path))
      .flatMap((path) => {
        const code = read(path).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
        return [...code.matchAll(/https?:\/\/(\[::1\]|[\w.${}*<>-]+)/g)]
          .map((match) => match[1] as string)
          .filter((host) => !known.test(host) && !/^[${*]/.test(host))
          .map((host) => `${path}: ${host}`);
      });
    expect(strange).toEqual([]);
  });
});
