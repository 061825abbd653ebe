import { devices as devicesEndpoint } from "@jcfetch/shared/protocol/endpoints";
import { type FromExtension, SOCKET_CLOSE, SOCKET_PATH, ToExtension } from "@jcfetch/shared/protocol/relay";
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { Lock } from "../guard/lock.ts";
import { queue } from "../sessions/slot.ts";
import type { AskAnswers, Reply } from "./answer-asks.ts";
import type { Broker, Connection } from "./broker.ts";
import type { DeviceList } from "./device-list.ts";
import { Line, type Socket } from "./line.ts";

export interface RelayPorts {
  readonly broker: Broker;
  readonly devices: DeviceList;
  readonly answers: AskAnswers;
  readonly lock: Lock;
  readonly openSocket: (url: string, protocols: string[]) => Socket;
  readonly stayAwake: () => unknown;
  readonly alarms: {
    create(name: string, info: { periodInMinutes: number }): unknown;
    clear(name: string): unknown;
  };
  readonly now: Clock;
  readonly later: (run: () => void, ms: number) => unknown;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export const RELAY_ALARM = "relay";
/** The shortest that browsers allow: how long a background that was put to sleep stays away at the most. */
const ALARM_MINUTES = 0.5;
const FIRST_PAUSE_MS = SECOND_MS;
const LONGEST_PAUSE_MS = MINUTE_MS;
/** Somebody with our keys has taken the line: a copy of this browser's profile. Two that fight for it would both be useless. */
const REPLACED_PAUSE_MS = 5 * MINUTE_MS;
/** Work for devices under way at one time. */
const MAX_AT_ONCE = 32;

/** [RM8] Keeps a line open to the broker for as long as any terminal may need the browser. */
export class Relay {
  readonly #ports: RelayPorts;
  readonly #inTurn = queue();
  #line: Line | undefined;
  #bid: string | undefined;
  /** Unknown at first: an alarm outlives the background that set it. */
  #alarmIsSet: boolean | undefined;
  #failures = 0;
  #notBefore: EpochMs = 0;

  constructor(ports: RelayPorts) {
    this.#ports = ports;
  }

  /** Bring the line into the state it should be in. Called whenever that may have changed, and by the alarm. */
  ensure(): Promise<void> {
    return this.#inTurn(() => this.#ensure());
  }

  /** A pause is over, or the network is back and no pause need be waited out. */
  online(): Promise<void> {
    this.#notBefore = 0;
    return this.ensure();
  }

  async #ensure(): Promise<void> {
    const connection = (await this.#isNeeded()) ? await this.#ports.broker.connection() : undefined;
    this.#setAlarm(connection !== undefined);
    if (this.#line && this.#bid !== connection?.bid) this.#line.close();
    if (!connection || this.#line || this.#ports.now() < this.#notBefore) return;
    await this.#connect(connection);
  }

  /** Some live terminal has roles that are relayed, or that ask. */
  async #isNeeded(): Promise<boolean> {
    if (await this.#ports.lock.isOn()) return false; // [LK3] a locked browser is away
    const grants = (await this.#ports.devices.live()).map((device) => this.#ports.devices.known(device));
    return (await Promise.all(grants)).some((known) => {
      return known && (known.grant.modes.includes("relay") || known.grant.policy.ask.length > 0);
    });
  }

  #setAlarm(wanted: boolean): void {
    if (wanted === this.#alarmIsSet) return;
    this.#alarmIsSet = wanted;
    if (wanted) this.#ports.alarms.create(RELAY_ALARM, { periodInMinutes: ALARM_MINUTES });
    else this.#ports.alarms.clear(RELAY_ALARM);
  }

  async #connect(connection: Connection): Promise<void> {
    if (this.#failures > 0 && !(await this.#answers(connection))) return this.#comeBack(0);
    const url = connection.url.replace(/^http/, "ws") + SOCKET_PATH;
    const socket = this.#ports.openSocket(url, await connection.authority.socketProtocols());
    const gone = new AbortController();
    let atWork = 0;
    const line = new Line(socket, this.#ports, {
      alive: () => {
        this.#failures = 0;
      },
      message: (text) => {
        const ask = readMessage(text);
        if (!ask) return;
        if (atWork >= MAX_AT_ONCE) {
          say({ t: "refusal", id: ask.id, code: "rate", retryAfterSeconds: 1 });
          return;
        }
        atWork += 1;
        const { signing, agreement } = connection.keys;
        const keys = { signing: signing.privateKey, agreement };
        const reply = { keys, clock: connection.authority, say, gone: gone.signal };
        void this.#answer(ask, reply).finally(() => {
          atWork -= 1;
        });
      },
      ended: (code) => {
        gone.abort();
        if (this.#line === line) this.#line = undefined;
        this.#comeBack(code);
      },
    });
    const say = (message: FromExtension): void => line.send(JSON.stringify(message));
    this.#line = line;
    this.#bid = connection.bid;
  }

  /** [LK3] The line of a browser that has been left is closed, so that the terminal hears what is the matter. */
  async #answer(ask: ToExtension, reply: Reply): Promise<void> {
    await this.#ports.lock.look();
    if (await this.#ports.lock.isOn()) await this.ensure();
    else await this.#ports.answers.answer(ask, reply);
  }

  /** A socket that was refused does not say why; a call does, and mends the clock of the next proof. */
  async #answers({ authority }: Connection): Promise<boolean> {
    return (await authority.call(devicesEndpoint, {})).ok;
  }

  #comeBack(code: number): void {
    const pause =
      code === SOCKET_CLOSE.replaced
        ? REPLACED_PAUSE_MS
        : Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS) * (0.5 + this.#ports.random() / 2);
    this.#failures += 1;
    this.#notBefore = this.#ports.now() + pause;
    this.#ports.later(() => void this.online(), pause);
  }
}

/** What cannot be read is passed over: it may be of a newer broker. */
function readMessage(text: string): ToExtension | undefined {
  try {
    const parsed = v.safeParse(ToExtension, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
