import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import { toSeconds } from "@jcfetch/shared/time";
import { makeEnrolmentToken } from "../../worker/src/broker/enrolment-token.ts";
import { newExtension, openTestDevice, type RawAnswer, sealRequest } from "./clients.ts";
import { depositCases } from "./deposit-cases.ts";
import { enrolmentKeyOf, sealEnrolment } from "./enrolment.ts";
import { byGrant, fromDevice, grantRefusals, rateCase } from "./grant-cases.ts";
import { mailboxCases } from "./mailbox-cases.ts";
import { relayCases } from "./relay-cases.ts";
import { anyone, ask, type Case, type EndpointCases, fromExtension, type Sender } from "./senders.ts";
import {
  credentialRequest,
  type PairedDevice,
  type PairOptions,
  READ_ONLY,
  S3_ADMIN,
  sendRequest,
  type TestWorld,
  takeInner,
} from "./world.ts";

/*
 * One way to success and one to every refusal of every endpoint, each over HTTP. tests/contract/endpoints.test.ts walks
 * through them, and fails when the treaty declares one that is missing here.
 */

export type EndpointName = keyof typeof ENDPOINTS;

const enrolSender = async (world: TestWorld, madeAgoSeconds = 0, kid?: string): Promise<Sender> => {
  const extension = await newExtension(world.at);
  const key = enrolmentKeyOf(world.broker);
  const sealed = {
    plain: async () => ({ token: await makeEnrolmentToken(key, toSeconds(world.now()) - madeAgoSeconds) }),
    around: async (plain: object) => {
      const body = await sealEnrolment(world.at, extension.uid, plain);
      return kid === undefined ? body : { ...body, kid };
    },
  };
  const body = async (): Promise<object> => sealed.around(await sealed.plain());
  return { ...fromExtension(extension, "/v1/enrol", body), sealed };
};

const joinSender = async (world: TestWorld, token: string, region = "us-east-1"): Promise<Sender> => {
  const extension = await newExtension(world.at);
  const membership = { token, region };
  return fromExtension(extension, "/v1/enrol", () => sealEnrolment(world.at, extension.uid, { membership }));
};

/** Enrolment as a member of a directory, with AWS answering in its own way for one call if it is told to. */
const joinAsked = async (
  world: TestWorld,
  directory: string,
  kind?: "throttle" | "garbage" | "unauthorized",
): Promise<RawAnswer> => {
  const { region } = world.sim.world.directory(directory).spec;
  const sender = await joinSender(world, world.sim.signIn("ana", directory), region);
  if (kind) world.sim.faults.add({ operation: "WhoAmI", kind, times: 1 });
  return ask(sender);
};

// ── The device ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A device whose next request for credentials would succeed. */
const fetchSender = async (
  world: TestWorld,
  from: PairOptions = {},
  change: (device: PairedDevice) => Promise<void> | void = () => {},
  fields: object = {},
): Promise<Sender> => {
  const device = await world.pairedDevice(from);
  const held = await takeInner(device);
  await change(device);
  const sealed = {
    plain: async () => ({ ...(await credentialRequest(device, held)), ...fields }),
    around: (plain: object) => sealRequest(device, device.uid, plain),
  };
  const body = async (): Promise<object> => sealed.around(await sealed.plain());
  return { ...fromDevice(device, "/v1/credentials", body), sealed };
};

const fetchAsked = async (...of: Parameters<typeof fetchSender>): Promise<RawAnswer> =>
  ask(await fetchSender(...of));

/** With AWS answering in its own way for one call. */
const whileAws =
  (kind: "throttle" | "error" | "garbage" | "forbidden" | "unauthorized"): Case =>
  async (world) => {
    const sender = await fetchSender(world);
    world.sim.faults.add({ operation: "GetRoleCredentials", kind, times: 1 });
    return ask(sender);
  };

const AUDIT_PAGE = { after: 0, limit: 32 };

const grantSender =
  (path: string, more: object = {}): EndpointCases["sender"] =>
  async (world, from) =>
    byGrant(await world.pairedDevice(from), path, more);

const takeSender = grantSender("/v1/envelope");
const auditSender = grantSender("/v1/audit", AUDIT_PAGE);
const leaveSender = grantSender("/v1/leave");

const takeCases: EndpointCases = {
  sender: takeSender,
  refusals: {
    ...grantRefusals(takeSender),
    "no-session": async (world) => ask(await takeSender(world, { deposited: false })),
    "sso-expired": async (world) => {
      const device = await world.pairedDevice();
      world.sim.endSession(device.user.token.reveal());
      await device.credentials(S3_ADMIN);
      return ask(byGrant(device, "/v1/envelope"));
    },
    rate: rateCase(takeSender),
  },
};

const fetchCases: EndpointCases = {
  sender: fetchSender,
  refusals: {
    ...grantRefusals(fetchSender),
    "grant-expired": async (world) => {
      const device = await world.pairedDevice({ registered: false, expiresInSeconds: -1 });
      const held = { jws: "e.e.e", inner: { e: "A".repeat(87), c: "AAAA" } };
      const request = await credentialRequest(device, held);
      return sendRequest(device, request);
    },
    "epoch-unknown": async (world) => {
      const sender = await fetchSender(world);
      return sender.send({ ...(await sender.body()), kid: "another" });
    },
    "envelope-stale": (world) =>
      fetchAsked(world, {}, async ({ user, grant }) => {
        await world.deposit(user, grant);
      }),
    policy: (world) =>
      fetchAsked(world, { policy: { allow: [{ account: READ_ONLY.account, roles: ["ReadOnly"] }] } }),
    "needs-approval": (world) => fetchAsked(world, { policy: { ask: ["S3*"] } }),
    "credential-too-long": (world) => fetchAsked(world, { policy: { maxCredentialSeconds: 900 } }),
    "role-not-assigned": whileAws("forbidden"),
    "no-session": async (world) => {
      const device = await world.pairedDevice();
      const held = await takeInner(device);
      // The same grant text again is the same device; a new one takes its envelope away.
      const grant = await world.signGrant(device.user, device, { name: "renewed" });
      await device.user.extension.send("/v1/grants", { grant });
      const renewed = await openTestDevice(device, grant, world.at);
      const jws = await signDocument(
        "jc-env+jwt",
        { ...held.envelope, gh: renewed.gh },
        device.user.extension.signing.privateKey,
      );
      const request = await credentialRequest(renewed, { jws, inner: held.inner });
      return renewed.send("/v1/credentials", await sealRequest(renewed, renewed.uid, request), { ctr: 99 });
    },
    "sso-expired": whileAws("unauthorized"),
    rate: rateCase(fetchSender),
    "upstream-throttled": whileAws("throttle"),
    upstream: whileAws("garbage"),
  },
};

export const CASES: Record<EndpointName, EndpointCases> = {
  health: { sender: (world) => anyone(world, "/v1/health", async () => ({})), refusals: {} },
  keys: { sender: (world) => anyone(world, "/v1/keys", async () => ({})), refusals: {} },
  enrol: {
    sender: (world) => enrolSender(world),
    refusals: {
      "enrolment-refused": async (world) => ask(await enrolSender(world, 601)),
      "epoch-unknown": async (world) => ask(await enrolSender(world, 0, "another")),
      "not-a-member": async (world) => joinAsked(world, "globex"),
      "sso-expired": async (world) => joinAsked(world, "acme", "unauthorized"),
      rate: async (world) => {
        const sender = await joinSender(world, "not-a-token");
        for (let i = 0; i < 5; i++) await ask(sender);
        return ask(sender);
      },
      "upstream-throttled": async (world) => joinAsked(world, "acme", "throttle"),
      upstream: async (world) => joinAsked(world, "acme", "garbage"),
    },
  },
  ...depositCases,
  ...mailboxCases,
  takeEnvelope: takeCases,
  requestCredentials: fetchCases,
  ...relayCases,
  readAudit: {
    sender: auditSender,
    refusals: { ...grantRefusals(auditSender), rate: rateCase(auditSender) },
  },
  readActivity: {
    sender: async (world) =>
      fromExtension((await world.enrolledUser()).extension, "/v1/activity", async () => AUDIT_PAGE),
    refusals: {},
  },
  leave: { sender: leaveSender, refusals: grantRefusals(leaveSender) },
};
