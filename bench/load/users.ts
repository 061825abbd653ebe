import { digest, utf8 } from "@jcfetch/shared/crypto/encoding";
import { importPublicKey } from "@jcfetch/shared/crypto/keys";
import { seal } from "@jcfetch/shared/crypto/seal";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { portalApiHost } from "@jcfetch/shared/domain/portal";
import { innerContext, requestContext } from "@jcfetch/shared/protocol/contexts";
import type { Keyset } from "@jcfetch/shared/protocol/documents";
import { toSeconds } from "@jcfetch/shared/time";
import { fetchKeyset } from "../../tests/support/clients.ts";
import { type PairedDevice, READ_ONLY, S3_ADMIN, type TestWorld } from "../../tests/support/world.ts";
import type { LoadUser } from "./parts.ts";

const ENVELOPE_SECONDS = 3_000;
const AT_ONCE = 8;

export interface Made {
  readonly users: readonly LoadUser[];
  readonly devices: readonly PairedDevice[];
}

/** Users with one device each, who have everything ready that takes long: sealed requests, signed envelopes. */
export async function makeUsers(
  world: TestWorld,
  count: number,
  of: { sessions: number; rpk: string; sameUser?: boolean; sameRole?: boolean },
): Promise<Made> {
  const keyset = await fetchKeyset(world.broker.url, world.broker.bid);
  const users: LoadUser[] = [];
  const devices: PairedDevice[] = [];
  const shared = of.sameUser ? await world.enrolledUser() : undefined;
  let next = 0;
  const make = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) {
      const device = await world.pairedDevice({ deposited: false, ...(shared ? { user: shared } : {}) });
      const want = of.sameRole || i % 2 === 0 ? S3_ADMIN : READ_ONLY;
      devices.push(device);
      users.push(await readyUser(device, keyset, { ...of, want }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, make));
  return { users, devices };
}

async function readyUser(
  device: PairedDevice,
  keyset: Keyset,
  { sessions, rpk, want }: { sessions: number; rpk: string; want: typeof S3_ADMIN },
): Promise<LoadUser> {
  const { user, uid, bid, gh, grant, signing } = device;
  const { extension, token, region } = user;
  const made: LoadUser["sessions"][number][] = [];
  for (let seq = 1; seq <= sessions; seq++) made.push(await makeSession(device, keyset, { seq, rpk, want }));
  const first = await extension.send("/v1/envelopes", JSON.parse(made[0]!.deposit) as object);
  if (first.status !== 200) throw new Error(`the deposit was refused: ${first.text}`);
  const { account, role } = want;
  return {
    uid,
    bid,
    gh,
    grant,
    deviceKey: signing.privateKey,
    extensionKey: extension.signing.privateKey,
    Esig: extension.Esig,
    member: extension.mark.member!,
    spent: await extension.nextCounter(),
    sessions: made,
    direct: {
      host: portalApiHost(region),
      path: `/federation/credentials?account_id=${account}&role_name=${role}`,
      token: token.reveal(),
    },
  };
}

async function makeSession(
  { user, uid, did, bid, gh, grant, now }: PairedDevice,
  { epochs }: Keyset,
  { seq, rpk, want }: { seq: number; rpk: string; want: typeof S3_ADMIN },
): Promise<LoadUser["sessions"][number]> {
  const { kid, pk } = epochs[0]!;
  const brokerKey = (await importPublicKey("agree", pk))!;
  const iat = toSeconds(now());
  const fields = { v: 1, uid, did, gh, bid, epoch: kid, seq, iat, exp: iat + ENVELOPE_SECONDS } as const;
  const secret = utf8(JSON.stringify({ token: user.token.reveal(), exp: user.tokenExpiresAt }));
  const inner = await seal(brokerKey, { purpose: "env-inner", bid, context: innerContext(fields) }, secret);
  // The outer lock is the device's, and nobody here opens it: any box of this size will do.
  const hash = await digest(inner.e + inner.c);
  const envelope = await signDocument(
    "jc-env+jwt",
    { ...fields, ih: hash, oh: hash },
    user.extension.signing.privateKey,
  );
  const request = { grant, envelope, inner, rpk, ...want, mode: "sealed", approval: null };
  const at = { purpose: "req", bid, context: requestContext(uid, "/v1/credentials") } as const;
  const box = await seal(brokerKey, at, utf8(JSON.stringify(request)));
  return {
    deposit: JSON.stringify({ envelope, outer: inner }),
    request: JSON.stringify({ kid, box }),
  };
}
