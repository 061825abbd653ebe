import { type Authority, openAuthority } from "@jcfetch/shared/authority";
import { callBroker } from "@jcfetch/shared/client";
import { BrokerId } from "@jcfetch/shared/domain/ids";
import { health } from "@jcfetch/shared/protocol/endpoints";
import { decodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import type { SetupCode } from "@jcfetch/shared/protocol/setup";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import { problem } from "../messaging/problems.ts";
import type { Problem } from "../messaging/view.ts";
import type { Access } from "../sessions/access.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";
import { readBrokerCode } from "./codes.ts";
import { type BrokerKeys, type KeyStore, makeKeys } from "./keys.ts";
import { problemOf } from "./refusal.ts";

/** `member`: the broker's mark, by which it knows this extension again. */
const Enrolled = v.nullable(v.object({ url: v.string(), bid: BrokerId, member: v.string() }));
type Enrolled = NonNullable<v.InferOutput<typeof Enrolled>>;

type Address = Pick<Enrolled, "url" | "bid">;

/** Longer than the ten seconds for which the broker holds a pairing call. */
const TIMEOUT_MS = 15_000;

export interface BrokerSetupPorts {
  readonly storage: Storage;
  readonly keys: KeyStore;
  readonly fetch: typeof fetch;
  readonly now: Clock;
  /** [MP3] Whether the company's policy lets this broker be used. */
  readonly allows: (at: Address) => Promise<boolean>;
  /** Has the user granted this origin pattern? */
  readonly mayReach: (pattern: string) => Promise<boolean>;
}

export interface AddressPreview {
  readonly url: string;
  /** The origin to ask the user for; null when it may be reached already. */
  readonly permission: string | null;
  /** The address of another broker that this one would take the place of. */
  readonly replaces: string | null;
}

export interface CodePreview extends AddressPreview {
  /** A terminal of this computer waits, and will be paired. */
  readonly setup: boolean;
}

/** A broker this extension is enrolled at, and the right to speak for its user. */
export interface Connection extends Address {
  readonly authority: Authority;
  readonly keys: BrokerKeys;
}

/** The one broker of this extension: enrolling, and speaking to it. */
export class Broker {
  readonly #ports: BrokerSetupPorts;
  readonly #enrolled: Slot<v.InferOutput<typeof Enrolled>>;

  constructor(ports: BrokerSetupPorts) {
    this.#ports = ports;
    this.#enrolled = slot(ports.storage.local, "broker", Enrolled, null);
  }

  async enrolled(): Promise<Enrolled | null> {
    const enrolled = await this.#enrolled.get();
    return enrolled && (await this.#ports.allows(enrolled)) ? enrolled : null;
  }

  async connection(): Promise<Connection | undefined> {
    const enrolled = await this.enrolled();
    const keys = enrolled && (await this.#ports.keys.load(enrolled.bid));
    return enrolled && keys ? this.#connect(enrolled, keys) : undefined;
  }

  /** What permission a code's broker needs, before the code is used. */
  async preview(code: string): Promise<Result<CodePreview, Problem>> {
    const decoded = await readBrokerCode(code);
    if (!decoded) return err(problemOf({ code: "code-unreadable" }));
    return ok({ ...(await this.#previewOf(decoded)), setup: decoded.setup !== undefined });
  }

  /** The same of a broker that admits members. */
  async previewJoin(code: string): Promise<Result<AddressPreview, Problem>> {
    const address = await decodeBrokerAddress(code);
    return address ? ok(await this.#previewOf(address)) : err(problemOf({ code: "code-unreadable" }));
  }

  async #previewOf({ url, bid }: Address): Promise<AddressPreview> {
    const pattern = originPattern(url);
    const granted = await this.#ports.mayReach(pattern);
    const before = await this.enrolled();
    const replaces = before && before.bid !== bid ? before.url : null;
    return { url, permission: granted ? null : pattern, replaces };
  }

  /** [EN3] The keyset is verified against the code's broker id before the token leaves, and the token leaves sealed. */
  async enrol(code: string): Promise<Result<Address & { readonly setup?: SetupCode }, Problem>> {
    const decoded = await readBrokerCode(code);
    if (!decoded) return err(problemOf({ code: "code-unreadable" }));
    const { token, setup } = decoded;
    const done = await this.#enrolAt(decoded, (authority) => authority.enrol(token));
    return done.ok ? ok({ ...done.value, ...(setup === undefined ? {} : { setup }) }) : done;
  }

  /** [EN10] As a member: the session's token goes to the very broker of the code, as an invite's token would. */
  async join(code: string, session: Pick<Access, "token" | "region">): Promise<Result<Address, Problem>> {
    const address = await decodeBrokerAddress(code);
    if (!address) return err(problemOf({ code: "code-unreadable" }));
    return this.#enrolAt(address, (authority) => authority.join(session));
  }

  async #enrolAt(
    { url, bid }: Address,
    enrol: (authority: Authority) => ReturnType<Authority["enrol"]>,
  ): Promise<Result<Address, Problem>> {
    if (!(await this.#ports.allows({ url, bid }))) return err(problem("policy"));
    const pattern = originPattern(url);
    if (!(await this.#ports.mayReach(pattern))) return err(problem("permission"));

    const keys = (await this.#ports.keys.load(bid)) ?? (await makeKeys());
    const { authority } = await this.#connect({ url, bid }, keys);
    const done = await enrol(authority);
    if (!done.ok) return err(problemOf(done.error));
    await this.#ports.keys.save(bid, keys);
    await this.#enrolled.set({ url, bid, member: done.value.member });
    return ok({ url, bid });
  }

  async forget(): Promise<void> {
    const enrolled = await this.enrolled();
    if (enrolled) await this.#ports.keys.drop(enrolled.bid);
    await this.#enrolled.remove();
  }

  async answers(): Promise<boolean> {
    const enrolled = await this.enrolled();
    if (!enrolled) return false;
    const { fetch } = this.#ports;
    return (await callBroker({ url: enrolled.url, fetch, timeoutMs: TIMEOUT_MS }, health, {})).ok;
  }

  async #connect({ url, bid, member }: Address & Partial<Enrolled>, keys: BrokerKeys): Promise<Connection> {
    const { fetch, now } = this.#ports;
    const nextCounter = () => this.#ports.keys.nextCounter(bid);
    const authority = await openAuthority(
      { ...keys, bid, ...(member === undefined ? {} : { member }) },
      { url, fetch, timeoutMs: TIMEOUT_MS, now, nextCounter },
    );
    return { url, bid, keys, authority };
  }
}

/** Whether a broker runs on this computer. */
export const isLoopback = (url: string): boolean =>
  ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);

/** The match pattern of a broker's origin. Patterns have no ports. */
function originPattern(url: string): string {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}/*`;
}
