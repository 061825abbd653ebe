import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * As much of Cloudflare's API as `wrangler deploy` and `wrangler secret` use, so that deploying can be walked through to its
 * end with the real program. What it was sent is kept; what it cannot answer fails the run.
 */

export const ACCOUNT = "0123456789abcdef0123456789abcdef";

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface Cloudflare {
  readonly url: string;
  readonly sent: Sent[];
  /** Name and value of every secret the Worker has. */
  readonly secrets: Map<string, string>;
  /** Secrets are refused, or taken in with an answer that says they were not. */
  fault?: "refuses" | "loses the answer" | undefined;
  [Symbol.asyncDispose](): Promise<void>;
}

type Answer = { readonly status?: number; readonly result: unknown; readonly code?: number };

/** @param onRequest called while the program that asks is still waiting for its answer. */
export async function startCloudflare(onRequest: () => void = () => {}): Promise<Cloudflare> {
  const sent: Sent[] = [];
  const secrets = new Map<string, string>();
  let isDeployed = false;

  const answer = ({ method, path, body }: Sent): Answer => {
    const [, rest = ""] = path.split("/workers/scripts/jcfetch-broker");
    if (method === "PUT" && /^\?/.test(rest)) {
      isDeployed = true;
      return { result: { id: "jcfetch-broker", startup_time_ms: 3, deployment_id: "1", etag: "1" } };
    }
    if (/\/workers\/workers\/jcfetch-broker$/.test(path)) {
      return { result: { subdomain: { enabled: false, previews_enabled: false } } };
    }
    if (rest.startsWith("/domains/changeset")) {
      return { result: { added: [], removed: [], updated: [], conflicting: [] } };
    }
    if (rest.startsWith("/domains/")) return { result: [] };
    if (!isDeployed) return { status: 404, result: null, code: 10007 };
    if (method === "PATCH" && rest === "/secrets-bulk") {
      if (cloudflare.fault === "refuses") return { status: 400, result: null, code: 10001 };
      const patch = JSON.parse(body) as { secrets: Record<string, { text: string }> };
      for (const [name, { text }] of Object.entries(patch.secrets)) secrets.set(name, text);
      if (cloudflare.fault) return { status: 400, result: null, code: 10001 };
      return { result: [...secrets.keys()].map((name) => ({ name, type: "secret_text" })) };
    }
    if (rest === "/secrets")
      return { result: [...secrets.keys()].map((name) => ({ name, type: "secret_text" })) };
    if (rest === "/deployments") return { result: { deployments: [] } };
    if (/\/workers\/services\/jcfetch-broker$/.test(path)) {
      return { result: { default_environment: { script: { last_deployed_from: "wrangler", tag: "1" } } } };
    }
    return { result: {} };
  };

  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      body: Buffer.concat(parts).toString(),
    };
    sent.push(one);
    onRequest();
    const { status = 200, result, code } = answer(one);
    const errors = code === undefined ? [] : [{ code, message: "not here" }];
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ success: errors.length === 0, errors, messages: [], result }));
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const cloudflare: Cloudflare = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    secrets,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
  return cloudflare;
}
