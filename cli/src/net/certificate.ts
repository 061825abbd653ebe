import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { SECOND_MS } from "@jcfetch/shared/time";
import { type Failure, fail } from "../exit.ts";
import { openTunnel } from "./tunnel.ts";

/** What TLS says where it does not take a certificate. @source Node.js: TLS errors (`X509` codes of OpenSSL). */
const REFUSED = /SELF_SIGNED|UNABLE_TO_|^CERT_|_CERT_|ALTNAME|HOSTNAME_MISMATCH/;

/** The reason why a certificate was refused; `undefined` for all that has nothing to do with one. */
export function certificateProblem(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && REFUSED.test(at.code)) return at.code;
  }
  return undefined;
}

/** Nobody known has signed it: another list of authorities may help. */
export const isUnknownAuthority = (problem: string): boolean =>
  !/EXPIRED|NOT_YET|ALTNAME|HOSTNAME/.test(problem);

const LOOK_MS = 5 * SECOND_MS;

/**
 * Whose certificate it is. Asks the host for it once more, sends it nothing, and trusts nothing of what it says: the names
 * are shown to a person.
 */
export async function refusedCertificate(
  url: URL,
  proxy: URL | undefined,
  problem: string,
): Promise<Failure> {
  const seen = await look(url, proxy).catch(() => undefined);
  const host = url.hostname;
  const where = proxy ? `${host}, through the proxy,` : host;
  if (/EXPIRED|NOT_YET/.test(problem)) {
    const when =
      seen === undefined ? "" : ` (it is for ${shown(seen.valid_from)} to ${shown(seen.valid_to)})`;
    return refused(
      `the certificate of ${where} is not valid now${when}`,
      "check this computer's clock: date",
    );
  }
  if (/ALTNAME|HOSTNAME/.test(problem)) {
    const whose = seen === undefined ? "another host" : `"${subject(seen)}"`;
    return refused(`the certificate that ${where} shows is for ${whose}`, "check the address, and the proxy");
  }
  const issuer = seen === undefined ? "somebody" : `"${nameOf(topOf(seen).issuer)}"`;
  return refused(
    `the certificate of ${where} is signed by ${issuer}, whom this computer does not trust`,
    "if that is your company, let AWS_CA_BUNDLE name its certificate (PEM); else tell your security team",
  );
}

const refused = (title: string, next: string): Failure => fail("certificate-refused", title, next);

async function look(url: URL, proxy: URL | undefined): Promise<PeerCertificate> {
  const signal = AbortSignal.timeout(LOOK_MS);
  const port = Number(url.port || 443);
  const tunnel = proxy && (await openTunnel(proxy, url, signal));
  const reached = tunnel ? { socket: tunnel } : { host: url.hostname, port };
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({
      ...reached,
      servername: url.hostname,
      rejectUnauthorized: false,
    });
    const give = (settle: () => void): void => {
      settle();
      socket.destroy();
      tunnel?.destroy();
    };
    signal.addEventListener("abort", () => give(() => reject(signal.reason as Error)));
    socket.once("error", (error) => give(() => reject(error)));
    socket.once("secureConnect", () => give(() => resolve(socket.getPeerCertificate(true))));
  });
}

/** The last one of the chain that came. */
function topOf(certificate: PeerCertificate): PeerCertificate {
  let at = certificate;
  for (let i = 0; i < 10; i++) {
    const above = (at as { issuerCertificate?: PeerCertificate }).issuerCertificate;
    if (!above || above === at || Object.keys(above).length === 0) return at;
    at = above;
  }
  return at;
}

const subject = ({ subject: name }: PeerCertificate): string => nameOf(name);

function nameOf(name: PeerCertificate["subject"] | undefined): string {
  const { CN, O } = name ?? {};
  return shown([CN, O].flat().find((one) => one) ?? "somebody without a name");
}

/** It was written by whoever is at the other end. */
const shown = (text: string): string => text.replaceAll(/\p{C}/gu, "?").slice(0, 100);
