/**
 * The list of everything from others that is in our programs or makes them, as CycloneDX JSON, from the lock file alone.
 * `npm sbom` writes one too, but with the time, a random number and the name of the folder in it.
 */
import { TARGETS } from "../release/targets.ts";
import { type Lock, type LockedPackage, nameAt, runtimePlaces } from "./lockfile.ts";

const WORKSPACES = ["worker", "extension", "cli"] as const;

/** `sha512-<base64>` → the same in hexadecimal, as CycloneDX wants it. */
function hashesOf(integrity: string | undefined): { alg: string; content: string }[] {
  return (integrity?.split(" ") ?? []).map((one) => {
    const [, bits, base64] = /^sha(\d+)-(.+)$/.exec(one) ?? [];
    return { alg: `SHA-${bits}`, content: Buffer.from(base64 ?? "", "base64").toString("hex") };
  });
}

function licenseOf(license: string | undefined) {
  if (license === undefined) return [];
  return /\s/.test(license) ? [{ expression: license }] : [{ license: { id: license } }];
}

/** The address of a package in no registry in particular. @source package-url specification, type npm */
const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace("@", "%40")}@${version}`;

const scopeOf = ({ dev, devOptional, optional }: LockedPackage): "required" | "optional" | "excluded" =>
  dev === true || devOptional === true ? "excluded" : optional === true ? "optional" : "required";

/** Each executable carries a whole Bun, which to npm is a tool that builds. */
const carriers = new Map(TARGETS.map(({ name, runtime }) => [`node_modules/${runtime}`, name]));

/** Names of what a package is in, as CycloneDX has room for them. */
const propertiesOf = (programs: readonly string[], executable: string | undefined) => [
  ...programs.map((value) => ({ name: "jcfetch:program", value })),
  ...(executable === undefined ? [] : [{ name: "jcfetch:executable", value: executable }]),
];

export function sbom(lock: Lock) {
  const users = new Map<string, string[]>();
  for (const workspace of WORKSPACES)
    for (const place of runtimePlaces(lock, workspace))
      users.set(place, [...(users.get(place) ?? []), workspace]);
  const components = Object.entries(lock)
    .filter(([place, entry]) => place.includes("node_modules/") && entry.link !== true)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([place, entry]) => ({
      type: "library",
      "bom-ref": place,
      name: nameAt(place),
      version: entry.version,
      scope: carriers.has(place) ? "required" : scopeOf(entry),
      hashes: hashesOf(entry.integrity),
      licenses: licenseOf(entry.license),
      purl: purlOf(nameAt(place), entry.version),
      properties: propertiesOf(users.get(place) ?? [], carriers.get(place)),
    }));
  const root = lock[""] as LockedPackage;
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: { type: "application", "bom-ref": "jcfetch", name: "jcfetch", version: root.version },
    },
    components,
  };
}
