import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { readAwsConfig } from "../config/aws-config.ts";
import { errnoOf } from "../config/files.ts";
import { profileOf, type Section } from "../config/ini.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";

/** A file of certificates in PEM, and who named it. */
export interface Bundle {
  readonly path: string;
  readonly namedBy: string;
}

type Place = Pick<Host, "env" | "home" | "platform">;

/**
 * The files that the person has named, in AWS's variable, in AWS's config file, or in Node's. Each adds to what is trusted
 * anyhow: companies put their own authority alone into them.
 *
 * @source AWS CLI: AWS_CA_BUNDLE and `ca_bundle`; Node.js: NODE_EXTRA_CA_CERTS.
 */
export async function namedBundles(host: Host): Promise<readonly Bundle[]> {
  const { env } = host;
  const variables = ["AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"].flatMap((name) =>
    env[name] ? [{ path: expanded(env[name], host), namedBy: name }] : [],
  );
  const sections = await readAwsConfig(host);
  if (!sections.ok) return variables; // whoever needs the file says what is wrong with it
  const configured = sections.value
    .filter((section) => counts(section, env.AWS_PROFILE))
    .flatMap(({ settings }) => settings.find(({ key }) => key === "ca_bundle")?.value ?? [])
    .map((path) => ({ path: expanded(path, host), namedBy: "ca_bundle" }));
  return unique([...variables, ...configured]);
}

/** The section without a profile's name, the profile of AWS's variable, and those that jcfetch is asked for. */
function counts(section: Section, chosen: string | undefined): boolean {
  const name = profileOf(section);
  if (name === undefined) return false;
  if (name === "default" || name === chosen) return true;
  return section.settings.some(({ key }) => key.startsWith("jcfetch_"));
}

const expanded = (path: string, { home }: Pick<Host, "home">): string =>
  path === "~" || path.startsWith("~/") ? `${home}${path.slice(1)}` : resolve(path);

const unique = (bundles: readonly Bundle[]): readonly Bundle[] =>
  bundles.filter(({ path }, i) => bundles.findIndex((one) => one.path === path) === i);

/** @errors `cannot-read`, also for a file without a certificate. */
export async function readBundles(bundles: readonly Bundle[]): Promise<Result<readonly string[], Failure>> {
  const found: string[] = [];
  for (const { path, namedBy } of bundles) {
    try {
      // Looked at first: opening a FIFO waits for somebody who writes.
      if (!(await stat(path)).isFile()) return err(unusable(path, namedBy, "it is not a regular file"));
      const certificates = certificatesIn(await readFile(path, "utf8"));
      if (certificates.length === 0) return err(unusable(path, namedBy, "it has no certificate"));
      found.push(...certificates);
    } catch (error) {
      return err(unusable(path, namedBy, errnoOf(error)));
    }
  }
  return ok(found);
}

const unusable = (path: string, namedBy: string, why: string): Failure =>
  fail(
    "cannot-read",
    `cannot read certificates from ${path} (${why}), which ${namedBy} names`,
    `let ${namedBy} name a file of certificates in PEM, or take it out`,
  );

const certificatesIn = (text: string): readonly string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];

/** @source Go's crypto/x509: where Linux systems keep them. */
const SYSTEM_FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** Whom this computer trusts, as far as it tells. @source OpenSSL: SSL_CERT_FILE. */
export async function systemAuthorities({ env, platform }: Place): Promise<readonly string[]> {
  if (platform === "darwin" || platform === "win32") {
    const tls = process.getBuiltinModule("node:tls");
    return "getCACertificates" in tls ? tls.getCACertificates("system") : [];
  }
  for (const path of [...(env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : []), ...SYSTEM_FILES]) {
    const text = await readFile(path, "utf8").catch(() => "");
    const found = certificatesIn(text);
    if (found.length > 0) return found;
  }
  return [];
}
