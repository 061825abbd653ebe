import { fromBase64url, utf8 } from "@jcfetch/shared/crypto/encoding";
import { importPublicKey } from "@jcfetch/shared/crypto/keys";
import { type Sealed, seal } from "@jcfetch/shared/crypto/seal";
import { requestContext } from "@jcfetch/shared/protocol/contexts";
import { Secret } from "@jcfetch/shared/secret";
import type { Broker } from "./broker.ts";
import { fetchKeyset } from "./clients.ts";

/** What the broker marks its enrolment codes with. */
export const enrolmentKeyOf = ({ keys }: Broker): Secret<Uint8Array> =>
  new Secret<Uint8Array>(fromBase64url(keys.ENROLMENT_KEY.reveal())!);

/** The body of `enrol` around any token. */
export const sealToken = (at: { url: string; bid: string }, uid: string, token: string) =>
  sealEnrolment(at, uid, { token });

/** The body of `enrol` around anything. */
export async function sealEnrolment(
  at: { url: string; bid: string },
  uid: string,
  content: object,
): Promise<{ kid: string; box: Sealed }> {
  const { kid, pk } = (await fetchKeyset(at.url, at.bid)).epochs[0]!;
  const key = (await importPublicKey("agree", pk))!;
  const context = requestContext(uid, "/v1/enrol");
  const box = await seal(key, { purpose: "enrol", bid: at.bid, context }, utf8(JSON.stringify(content)));
  return { kid, box };
}
