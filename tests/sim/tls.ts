import { createSign, generateKeyPairSync, randomBytes } from "node:crypto";

/** A key and a self-signed certificate for the world's host names, made anew at every start. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const YEAR_MS = 365 * 24 * 3600 * 1000;
const OID_COMMON_NAME = [0x55, 0x04, 0x03];
const OID_ALT_NAMES = [0x55, 0x1d, 0x11];
const OID_BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const OID_ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

const SEQUENCE = 0x30;
const SET = 0x31;

function der(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

const oid = (bytes: readonly number[]): Buffer => der(0x06, bytes);
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value));
const time = (ms: number): Buffer => text(0x18, new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, ""));

export function makeCertificate(hosts: readonly string[], nowMs: number): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, oid(OID_COMMON_NAME), text(0x0c, "jcfetch simulated world"))),
  );
  const algorithm = der(SEQUENCE, oid(OID_ECDSA_SHA256));
  const altNames = [...hosts.map((host) => text(0x82, host)), der(0x87, [127, 0, 0, 1])];
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, [2])),
    der(0x02, [0x01], randomBytes(15)),
    algorithm,
    name,
    der(SEQUENCE, time(nowMs - 24 * 3600 * 1000), time(nowMs + YEAR_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      der(
        SEQUENCE,
        der(SEQUENCE, oid(OID_ALT_NAMES), der(0x04, der(SEQUENCE, ...altNames))),
        der(
          SEQUENCE,
          oid(OID_BASIC_CONSTRAINTS),
          der(0x01, [0xff]),
          der(0x04, der(SEQUENCE, der(0x01, [0xff]))),
        ),
      ),
    ),
  );
  const signature = createSign("sha256").update(body).sign(privateKey);
  const certificate = der(SEQUENCE, body, algorithm, der(0x03, [0], signature));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}
