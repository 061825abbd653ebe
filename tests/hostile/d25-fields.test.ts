import type { DeviceId, UserId } from "@jcfetch/shared/domain/ids";
import {
  answerContext,
  extensionContext,
  innerContext,
  outerContext,
  requestContext,
} from "@jcfetch/shared/protocol/contexts";
import { CredentialRequest } from "@jcfetch/shared/protocol/credentials";
import * as documents from "@jcfetch/shared/protocol/documents";
import type { Mode } from "@jcfetch/shared/protocol/modes";
import { ApprovalRequest, RelayRequest } from "@jcfetch/shared/protocol/relay";
import { describe, expect, it } from "vitest";
import * as parties from "./d25/parties.ts";
import { hash, pub, type Term, word } from "./d25/terms.ts";
import { worldOf } from "./d25/worlds.ts";

/* The model of D-25 proves something about jc1 only as long as it has the fields that jc1 has. */

const { grant, inner, outer, envelope } = worldOf("both");
const honest = (): boolean => false;
const ASK = { rpk: pub(parties.KEYS.x), role: "ask" } as const;
const body = parties.sealedBody(grant, envelope, inner, ASK, parties.NOTHING, parties.KEYS.epoch);
const answer = parties.answerOf(parties.KEYS.B, "sealed", body, parties.FALSE, ASK, honest);

/** Times, versions and display names, which only restrict. */
const LEFT_OUT = ["v", "iat", "exp", "nbf", "time", "minv", "maxv", "name"];

const partsOf = (term: Term | undefined): readonly Term[] => (term?.op === "list" ? term.of : []);
const said = (term: Term | undefined): string => term?.id.replaceAll("'", "") ?? "";

/** `typ` and fields of a document in the model. */
function fieldsOf(signed: Term | undefined): { typ: string; fields: string[] } {
  const [typ, ...fields] = partsOf(signed?.op === "sign" ? signed.of : undefined);
  return { typ: said(typ), fields: fields.map((field) => said(partsOf(field)[0])).sort() };
}

/** What a box of the model is bound to, beside purpose and broker. */
function contextOf(box: Term | undefined): string[] {
  const [, , ...bound] = partsOf(box?.op === "seal" ? box.at : undefined);
  return bound.map(({ id }) => id);
}

describe("the model", () => {
  it.each([
    ["jc-grant+jwt", grant.jws, documents.Grant],
    ["jc-env+jwt", envelope, documents.Envelope],
    ["jc-keys+jwt", parties.keysetOf(), documents.Keyset],
    ["jc-ext+jwt", parties.extensionProof(parties.KEYS.E1, "/v1/envelopes", outer), documents.ExtensionProof],
    ["jc-res+jwt", partsOf(answer)[1], documents.ResponseSignature],
    ["jc-proof+jwt", parties.proofOf(grant, "/v1/credentials", body, honest), documents.Proof],
    ["jc-ok+jwt", parties.approvalOf(parties.KEYS.E1, grant, ASK, honest), documents.Approval],
  ] as const)("D-25: has the fields of %s", (typ, signed, schema) => {
    const fields = Object.keys(schema.entries).filter((field) => !LEFT_OUT.includes(field));
    expect(fieldsOf(signed)).toEqual({ typ, fields: fields.sort() });
  });

  it("D-25: puts into each box what the code puts there", () => {
    const contentOf = (box: Term | undefined): number =>
      partsOf(box?.op === "seal" ? box.of : undefined).length;
    // Not in the model: the name of the account, which stands for itself beside the role.
    const account = 1;
    expect(contentOf(partsOf(body)[1])).toBe(Object.keys(CredentialRequest.entries).length - account);
    const relay = parties.relayBox(grant, ASK, parties.KEYS.E1kem);
    expect(contentOf(relay)).toBe(Object.keys(RelayRequest.entries).length - account);
    const approval = parties.approvalBox(grant, ASK, parties.KEYS.E1kem);
    expect(contentOf(approval)).toBe(Object.keys(ApprovalRequest.entries).length - account);
  });

  it("D-25: binds each box to what the code binds it to", () => {
    // Each field has its own name for a value.
    const names = {
      uid: "uid" as UserId,
      did: "did" as DeviceId,
      gh: "gh",
      epoch: "epoch",
      seq: "seq" as unknown as number,
      exp: "exp" as unknown as number,
    };
    const known = new Map([
      [grant.uid.id, "uid"],
      [grant.did.id, "did"],
      [grant.gh.id, "gh"],
      [word("kid").id, "epoch"],
      [word("seq").id, "seq"],
      [word("/v1/credentials").id, "path"],
      [hash(body).id, "bd"],
      [word("sealed").id, "mode"],
    ]);
    const inModel = (box: Term | undefined): string[] => contextOf(box).map((id) => known.get(id) ?? id);
    const inCode = (text: string): string[] =>
      text.split("|").filter((part) => part !== "exp" && part !== "1");
    expect(inModel(inner)).toEqual(inCode(innerContext(names)));
    expect(inModel(outer)).toEqual(inCode(outerContext(names)));
    expect(inModel(partsOf(body)[1])).toEqual(inCode(requestContext("uid", "path")));
    const { relayBox, approvalBox, KEYS } = parties;
    for (const toExtension of [relayBox(grant, ASK, KEYS.E1kem), approvalBox(grant, ASK, KEYS.E1kem)])
      expect(inModel(toExtension)).toEqual(inCode(extensionContext(names)));
    expect(inModel(partsOf(answer)[0])).toEqual(inCode(answerContext("bd", "mode" as Mode)));
  });
});
