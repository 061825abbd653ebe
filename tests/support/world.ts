import { fromUtf8 } from "@jcfetch/shared/crypto/encoding";
import { exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import { open, type Sealed } from "@jcfetch/shared/crypto/seal";
import type { AskVoice } from "@jcfetch/shared/device-asking";
import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import type { Region } from "@jcfetch/shared/domain/portal";
import { outerContext } from "@jcfetch/shared/protocol/contexts";
import type { CredentialRequest } from "@jcfetch/shared/protocol/credentials";
import type { Envelope } from "@jcfetch/shared/protocol/documents";
import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { directoryHash } from "@jcfetch/shared/protocol/membership";
import type { Mode } from "@jcfetch/shared/protocol/modes";
import { ANYWHERE, type Policy } from "@jcfetch/shared/protocol/policy";
import { verifyEnvelope } from "@jcfetch/shared/protocol/verify";
import { Secret } from "@jcfetch/shared/secret";
import { toSeconds } from "@jcfetch/shared/time";
import { type Sim, type SimOptions, startSim } from "../sim/start.ts";
import { type Broker, startBroker } from "./broker.ts";
import {
  type DeviceParts,
  newDeviceKeys,
  newExtension,
  openTestDevice,
  sealRequest,
  type TestDevice,
  type TestExtension,
} from "./clients.ts";

export interface WorldOptions {
  readonly sim?: SimOptions;
  readonly stateDir?: string;
  /** Of the Worker, beside those of a broker on this host that admits the members of `acme`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Of the broker; any free one when not said. */
  readonly port?: number;
  /** The broker's clock, the clients' and AWS's move together with `advance`. */
  readonly clock?: "movable";
}

export interface UserOptions {
  /** In the simulated world. */
  readonly person?: string;
  readonly directory?: string;
  readonly sessionSeconds?: number;
}

/** A person whose extension is enrolled and whose portal session is live. */
export interface TestUser {
  readonly extension: TestExtension;
  readonly uid: string;
  readonly region: Region;
  readonly startUrl: string;
  token: Secret<string>;
  tokenExpiresAt: number;
  /** Rises with every deposit. */
  seq: number;
}

export interface PairOptions {
  readonly user?: TestUser;
  readonly name?: string;
  readonly policy?: Partial<Policy>;
  readonly modes?: readonly Mode[];
  readonly expiresInSeconds?: number;
  /** Register the grant with the broker; default yes. */
  readonly registered?: boolean;
  /** Leave an envelope for it; default yes. */
  readonly deposited?: boolean;
  readonly parts?: DeviceParts;
  /** Who is asked at this terminal. */
  readonly voice?: () => AskVoice;
}

export type PairedDevice = TestDevice & { readonly user: TestUser };

export const S3_ADMIN = { account: "999999999999" as AccountId, role: "S3Admin" as RoleName };
export const READ_ONLY = { account: "999999999999" as AccountId, role: "ReadOnly" as RoleName };

export type TestWorld = Awaited<ReturnType<typeof startWorld>>;

const memberDirectory = (sim: Sim): string => sim.world.directory("acme").id;

/** Simulator and broker, and people and terminals that know each other without having gone through a mailbox. */
export async function startWorld(options: WorldOptions = {}) {
  const sim: Sim = await startSim(options.sim);
  const broker: Broker = await startBroker({
    simPort: sim.httpPort,
    ...(options.stateDir === undefined ? {} : { stateDir: options.stateDir }),
    settings: {
      LOCAL: "1",
      MEMBER_DIRECTORIES: await directoryHash(memberDirectory(sim)),
      ...options.settings,
    },
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const now = (): number => Date.now() + sim.world.clockOffsetMs;
  const at = { url: broker.url, bid: broker.bid, now };

  const signIn = (
    user: TestUser,
    { person = "ana", directory = "acme", sessionSeconds = 3_600 }: UserOptions,
  ): void => {
    user.token = new Secret(sim.signIn(person, directory, { sessionSeconds }));
    user.tokenExpiresAt = toSeconds(now()) + sessionSeconds;
  };

  /** An extension that the broker knows. */
  const enrolledUser = async (of: UserOptions = {}): Promise<TestUser> => {
    const extension = await newExtension(at);
    const code = await decodeEnrolmentCode(await broker.newEnrolmentCode());
    const done = await extension.enrol(code!.token);
    if (!done.ok) throw new Error(`enrolment was refused: ${done.error.code}`);
    const { region } = sim.world.directory(of.directory ?? "acme").spec;
    const startUrl = `https://${of.directory ?? "acme"}.awsapps.com/start`;
    const token = new Secret("");
    const user: TestUser = {
      extension,
      uid: extension.uid,
      region: region as Region,
      startUrl,
      token,
      tokenExpiresAt: 0,
      seq: 0,
    };
    signIn(user, of);
    return user;
  };

  const policyFor = (user: TestUser, policy: Partial<Policy> = {}): Policy => ({
    v: 1,
    region: user.region,
    start: user.startUrl,
    allow: [{ account: "*", roles: ["*"] }],
    ask: [],
    sensitive: [],
    maxCredentialSeconds: 43_200,
    maxPerMinute: 600,
    unattended: false,
    networks: ANYWHERE,
    ...policy,
  });

  const signGrant = (user: TestUser, parts: DeviceParts, from: PairOptions = {}): Promise<string> =>
    user.extension.authority.signGrant(parts.keys, {
      name: from.name ?? "test",
      modes: from.modes ?? ["sealed"],
      policy: policyFor(user, from.policy),
      expiresAt: toSeconds(now()) + (from.expiresInSeconds ?? 86_400),
    });

  const deposit = async (user: TestUser, grant: string): Promise<Envelope> => {
    user.seq += 1;
    const done = await user.extension.authority.deposit(grant, user.token, user.tokenExpiresAt, user.seq);
    if (!done.ok) throw new Error(`the deposit was refused: ${done.error.code}`);
    return done.value;
  };

  /** A terminal with a grant, registered, with an envelope waiting. */
  const pairedDevice = async (from: PairOptions = {}): Promise<PairedDevice> => {
    const user = from.user ?? (await enrolledUser());
    const parts = from.parts ?? (await newDeviceKeys());
    const grant = await signGrant(user, parts, from);
    if (from.registered !== false) {
      const done = await user.extension.send("/v1/grants", { grant });
      if (done.status !== 200) throw new Error(`the grant was refused: ${done.text}`);
    }
    if (from.registered !== false && from.deposited !== false) await deposit(user, grant);
    const extras = from.voice ? { voice: from.voice } : {};
    return { ...(await openTestDevice(parts, grant, at, extras)), user };
  };

  const advance = async (seconds: number): Promise<void> => {
    sim.world.clockOffsetMs += seconds * 1_000;
    await broker.advance(seconds);
  };

  const dispose = async (): Promise<void> => {
    await broker.stop();
    await sim.close();
  };

  return {
    sim,
    broker,
    now,
    at,
    signIn,
    enrolledUser,
    policyFor,
    signGrant,
    deposit,
    pairedDevice,
    advance,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Take a device's envelope and open its outer lock by hand. */
export async function takeInner(
  device: TestDevice,
): Promise<{ envelope: Envelope; jws: string; inner: Sealed }> {
  const { json, text } = await device.send("/v1/envelope", { grant: device.grant });
  const jws = json.envelope as string;
  const envelope = await verifyEnvelope(jws, device.device.grant.Esig);
  if (!envelope) throw new Error(`no envelope: ${text}`);
  const at = { purpose: "env-outer", bid: device.bid, context: outerContext(envelope) } as const;
  const opened = await open(device.agreement, at, json.outer as Sealed);
  return { envelope, jws, inner: JSON.parse(fromUtf8(opened!)) as Sealed };
}

/** A good request for role credentials, still in the clear, to be put wrong piece by piece. */
export async function credentialRequest(
  device: TestDevice,
  held: { jws: string; inner: Sealed },
  want: { account: string; role: string } = S3_ADMIN,
): Promise<CredentialRequest> {
  const answerKeys = await generateKeys("agree");
  return {
    grant: device.grant,
    envelope: held.jws,
    inner: held.inner,
    rpk: await exportPublicKey(answerKeys.publicKey),
    account: want.account as AccountId,
    role: want.role as RoleName,
    mode: "sealed",
    approval: null,
  };
}

/** A good request as it goes over the wire: to be kept, and sent when it should not be good any more. */
export const keptRequest = async (device: TestDevice, held?: { jws: string; inner: Sealed }) =>
  sealRequest(device, device.uid, await credentialRequest(device, held ?? (await takeInner(device))));

/** Ask for credentials with this very request, sealed as the broker takes it. */
export const sendRequest = async (device: TestDevice, request: object) =>
  device.send("/v1/credentials", await sealRequest(device, device.uid, request));
