import { concat } from "../crypto/encoding.ts";
import type { Outcome } from "./errors.ts";

export interface AwsPorts {
  readonly fetch: typeof fetch;
  /** For the whole exchange, body included. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;

/**
 * What browsers need to be told and workerd does not know: send no cookies, and keep no copy of an answer that holds
 * credentials in a cache on disk.
 */
const PRIVATE: RequestInit = {
  ...("credentials" in Request.prototype ? { credentials: "omit" } : {}),
  ...("cache" in Request.prototype ? { cache: "no-store" } : {}),
};

export interface Exchange {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/**
 * Exchanges with AWS, and how the last one went. Whatever a library makes of an error afterwards, and whatever it puts
 * into that error's text, the outcome is read here and nothing else is.
 */
export class Wire {
  #outcome: Outcome = { kind: "unreachable" };
  readonly #ports: AwsPorts;

  constructor(ports: AwsPorts) {
    this.#ports = ports;
  }

  get outcome(): Outcome {
    return this.#outcome;
  }

  /** No redirect is followed, the whole takes a limited time, the body has a limited size. @throws when no answer counts. */
  async exchange({ url, ...sent }: Exchange): Promise<Answer> {
    this.#outcome = { kind: "unreachable" };
    // Taken off the object first: browsers refuse a `fetch` that is called as somebody's method.
    const { fetch, timeoutMs = TIMEOUT_MS } = this.#ports;
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...PRIVATE, ...sent, redirect: "manual", signal });
    const body = await readBounded(response);
    const { status } = response;
    if (!body || status < 200 || (status >= 300 && status < 400)) {
      this.#outcome = { kind: "garbage" };
      throw new Error("not an answer of this API");
    }
    this.#outcome = { kind: "status", status, ...retryAfter(response.headers) };
    return { status, headers: Object.fromEntries(response.headers), body };
  }
}

function retryAfter(headers: Headers): { retryAfterMs?: number } {
  const text = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(text) ? { retryAfterMs: Number(text) * 1000 } : {};
}

/** @returns `undefined` as soon as the body is longer than an answer can be. */
async function readBounded(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) return concat(...chunks);
    size += value.length;
    if (size > MAX_ANSWER_BYTES) {
      await reader?.cancel();
      return undefined;
    }
    chunks.push(value);
  }
}
