import { request } from "node:http";
import type { Sim } from "../sim/start.ts";

export interface HostAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

export interface HostCall {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Sends a call as if to a real host; `fetch` would not let the Host header through. */
export function callHost(
  sim: Sim,
  host: string,
  path: string,
  { method = "GET", headers = {}, body = "" }: HostCall = {},
): Promise<HostAnswer> {
  return new Promise((resolve, reject) => {
    const options = { port: sim.httpPort, host: "127.0.0.1", path, method, headers: { host, ...headers } };
    const call = request(options, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}
