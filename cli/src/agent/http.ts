import { processJson } from "@jcfetch/shared/formats/process";
import { isoSeconds } from "@jcfetch/shared/formats/values";
import { EXIT, type Failure } from "../exit.ts";
import type { HttpRequest } from "./requests.ts";
import type { AgentAnswer } from "./wire.ts";

const REASONS: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  503: "Service Unavailable",
};

export const httpRefusal = (status: number): string => httpAnswer(status, { code: "refused", message: "" });

/** One answer, after which the connection ends. */
function httpAnswer(status: number, body: object | string): string {
  const text = typeof body === "string" ? body : `${JSON.stringify(body)}\n`;
  return [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(text)}`,
    "cache-control: no-store",
    "connection: close",
    "",
    text,
  ].join("\r\n");
}

/** @source AWS SDKs, "Container credential provider", for names of fields, and for `code` and `message` of a refusal. */
export function answered({ as, account, role }: HttpRequest, answer: AgentAnswer): string {
  if (answer.answer === "failure") return httpAnswer(statusOf(answer.failure), refusal(answer.failure));
  if (answer.answer !== "credentials") return httpAnswer(503, { code: "agent-failed", message: "try again" });
  const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = answer.credentials;
  const expiration = isoSeconds(expiresAtMs);
  if (as === "credentials") {
    const values = { accessKeyId, secretAccessKey, sessionToken, expiration };
    const written = processJson(values, { account, role });
    if (written.ok) return httpAnswer(200, written.value);
  }
  return httpAnswer(200, {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: expiration,
  });
}

/** SDKs try again after a 5xx, and not after a 4xx. */
const statusOf = ({ exit }: Failure): number => (exit === EXIT.tryLater ? 503 : 403);

const refusal = ({ code, title, next }: Failure): object => ({ code, message: `${title}; ${next}` });
