import * as v from "valibot";
import { digest } from "./crypto/encoding.ts";
import type { Endpoint } from "./protocol/endpoints.ts";
import { isWireErrorCode, type Refusal } from "./protocol/errors.ts";
import { CONTENT_TYPE, HEADERS, PROTOCOL_VERSION } from "./protocol/version.ts";
import { err, ok, type Result } from "./result.ts";

export interface BrokerPorts {
  /** `http://127.0.0.1:8787` or `https://broker.example.org`; no path. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

/** Who signs: gives the identifying headers for one request, told by its path and body digest. */
export type Signer = (path: string, bodyDigest: string) => Promise<Record<string, string>>;

const MAX_ANSWER_BYTES = 65_536;

const Problem = v.object({
  code: v.string(),
  /** Shown in a terminal: nothing in it may steer one. */
  trace: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))),
  retryAfter: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400))),
});

/** The bytes of a request body, once: what is signed is what is sent. */
export const encodeBody = (body: unknown): string => JSON.stringify(body);

/**
 * Call one endpoint.
 *
 * @errors any code the broker sends; `broker-unreachable` when no answer came in `timeoutMs`; `answer-refused` when the
 *   answer is no answer of this protocol. Redirects are never followed.
 */
export async function callBroker<Req extends v.GenericSchema, Res extends v.GenericSchema>(
  ports: BrokerPorts,
  endpoint: Endpoint<Req, Res>,
  body: v.InferInput<Req> | { encoded: string },
  sign?: Signer,
): Promise<Result<v.InferOutput<Res>, Refusal>> {
  const text = isEncoded(body) ? body.encoded : encodeBody(body);
  const identity = sign ? await sign(endpoint.path, await digest(text)) : {};
  const answer = await send(ports, endpoint.path, text, identity);
  if (!answer.ok) return answer;

  const { status, json } = answer.value;
  if (status !== 200) return err(refusalOf(json));
  const parsed = v.safeParse(endpoint.response, json);
  return parsed.success ? ok(parsed.output) : err({ code: "answer-refused" });
}

const isEncoded = (body: unknown): body is { encoded: string } =>
  typeof body === "object" && body !== null && "encoded" in body;

async function send(
  ports: BrokerPorts,
  path: string,
  body: string,
  identity: Record<string, string>,
): Promise<Result<{ status: number; json: unknown }, Refusal>> {
  const { fetch } = ports; // a browser's own fetch must not be called as somebody's method
  try {
    const response = await fetch(ports.url + path, {
      method: "POST",
      headers: { "content-type": CONTENT_TYPE, [HEADERS.version]: String(PROTOCOL_VERSION), ...identity },
      body,
      redirect: "manual",
      credentials: "omit",
      signal: AbortSignal.timeout(ports.timeoutMs),
    });
    const text = await readBounded(response);
    return ok({ status: response.status, json: text === undefined ? undefined : parseJson(text) });
  } catch {
    return err({ code: "broker-unreachable" });
  }
}

async function readBounded(response: Response): Promise<string | undefined> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > MAX_ANSWER_BYTES) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusalOf(json: unknown): Refusal {
  const problem = v.safeParse(Problem, json);
  if (!problem.success || !isWireErrorCode(problem.output.code)) return { code: "answer-refused" };
  const { code, trace, retryAfter } = problem.output;
  return {
    code,
    ...(trace === undefined ? {} : { trace }),
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  };
}
