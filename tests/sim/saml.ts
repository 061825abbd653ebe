import { createHash, type KeyObject, sign, verify } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { escapeXml } from "./aws/answers.ts";

/**
 * SAML 2.0 as far as one web sign-in needs it. Both ends are of this world and write canonical XML, so an enveloped
 * signature is over exactly the bytes that stand in the document.
 */

export interface AuthnRequest {
  readonly id: string;
  readonly issuer: string;
  readonly acsUrl: string;
}

export interface Assertion {
  readonly id: string;
  readonly audience: string;
  readonly recipient: string;
  readonly subject: string;
  /** The request this answers; missing when the sign-in began at the identity provider. */
  readonly inResponseTo: string | undefined;
  readonly notBeforeMs: number;
  readonly notOnOrAfterMs: number;
}

const NAMESPACES =
  'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"';
const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const SIGNATURE = /<ds:Signature .*<\/ds:Signature>/s;

export function encodeAuthnRequest({ id, issuer, acsUrl }: AuthnRequest, nowMs: number): string {
  const xml = `<samlp:AuthnRequest ${NAMESPACES} ID="${id}" Version="2.0" IssueInstant="${instant(nowMs)}" AssertionConsumerServiceURL="${acsUrl}" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>${issuer}</saml:Issuer></samlp:AuthnRequest>`;
  return deflateRawSync(xml).toString("base64");
}

export function decodeAuthnRequest(text: string): AuthnRequest | undefined {
  try {
    const xml = inflateRawSync(Buffer.from(text, "base64")).toString();
    const id = xml.match(/ ID="([^"]+)"/)?.[1];
    const issuer = xml.match(/<saml:Issuer>([^<]+)</)?.[1];
    const acsUrl = xml.match(/AssertionConsumerServiceURL="([^"]+)"/)?.[1];
    return id && issuer && acsUrl ? { id, issuer, acsUrl } : undefined;
  } catch {
    return undefined;
  }
}

const instant = (ms: number): string => new Date(ms).toISOString();

/** The signed answer of the identity provider, in base64 as a form posts it. */
export function encodeResponse(assertion: Assertion, issuer: string, key: KeyObject, nowMs: number): string {
  const { id, audience, recipient, subject, inResponseTo, notBeforeMs, notOnOrAfterMs } = assertion;
  const reply = inResponseTo === undefined ? "" : ` InResponseTo="${inResponseTo}"`;
  const unsigned = `<saml:Assertion ${NAMESPACES} ID="${id}" IssueInstant="${instant(nowMs)}" Version="2.0"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${escapeXml(subject)}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData${reply} NotOnOrAfter="${instant(notOnOrAfterMs)}" Recipient="${recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${instant(notBeforeMs)}" NotOnOrAfter="${instant(notOnOrAfterMs)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${instant(nowMs)}" SessionIndex="${id}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>`;
  const signed = unsigned.replace("</saml:Issuer>", `</saml:Issuer>${signatureOver(unsigned, id, key)}`);
  const response = `<samlp:Response ${NAMESPACES} ID="_r${id}" Version="2.0" IssueInstant="${instant(nowMs)}" Destination="${recipient}"${reply}><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>${signed}</samlp:Response>`;
  return Buffer.from(response).toString("base64");
}

const digest = (text: string): string => createHash("sha256").update(text).digest("base64");

function signatureOver(assertion: string, id: string, key: KeyObject): string {
  const info = `<ds:SignedInfo xmlns:ds="${DSIG}"><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod><ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${digest(assertion)}</ds:DigestValue></ds:Reference></ds:SignedInfo>`;
  const value = sign("sha256", Buffer.from(info), { key, dsaEncoding: "ieee-p1363" }).toString("base64");
  return `<ds:Signature xmlns:ds="${DSIG}">${info}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
}

/** The assertion inside a posted response, once its signature has been found good; otherwise undefined. */
export function decodeResponse(text: string, key: KeyObject): Assertion | undefined {
  const xml = Buffer.from(text, "base64").toString();
  const signed = xml.match(/<saml:Assertion .*<\/saml:Assertion>/s)?.[0] ?? "";
  const info = signed.match(/<ds:SignedInfo .*<\/ds:SignedInfo>/s)?.[0] ?? "";
  const value = signed.match(/<ds:SignatureValue>([^<]+)</)?.[1] ?? "";
  const unsigned = signed.replace(SIGNATURE, "");
  const id = unsigned.match(/^<saml:Assertion [^>]* ID="([^"]+)"/)?.[1];
  if (id === undefined || !info.includes(`URI="#${id}"`)) return undefined;
  if (!info.includes(`<ds:DigestValue>${digest(unsigned)}</ds:DigestValue>`)) return undefined;
  const good = verify(
    "sha256",
    Buffer.from(info),
    { key, dsaEncoding: "ieee-p1363" },
    Buffer.from(value, "base64"),
  );
  if (!good) return undefined;
  const find = (pattern: RegExp): string => unsigned.match(pattern)?.[1] ?? "";
  return {
    id,
    audience: find(/<saml:Audience>([^<]+)</),
    recipient: find(/ Recipient="([^"]+)"/),
    subject: find(/<saml:NameID[^>]*>([^<]+)</),
    inResponseTo: unsigned.match(/ InResponseTo="([^"]+)"/)?.[1],
    notBeforeMs: Date.parse(find(/ NotBefore="([^"]+)"/)),
    notOnOrAfterMs: Date.parse(find(/<saml:Conditions[^>]* NotOnOrAfter="([^"]+)"/)),
  };
}
