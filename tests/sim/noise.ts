import type { FaultKind, Noise } from "./faults.ts";

const NOISES: readonly FaultKind[] = ["trickle", "huge", "wrong", "redirect", "truncated", "past"];

export const isNoise = (kind: FaultKind): kind is Noise => NOISES.includes(kind);

const json = { "content-type": "application/json" };
const HUGE_BYTES = 10_000_000;
const TRICKLE_MS = 500;

/** Credentials as they would look, but for one member. */
const credentials = (more: object): string =>
  JSON.stringify({
    roleCredentials: {
      accessKeyId: "no-key-but-NOISE",
      secretAccessKey: "noise",
      sessionToken: "noise",
      expiration: 0,
      ...more,
    },
  });

/** What stands where an answer should be: never ending, too long, of another shape, elsewhere, cut off, long over. */
export function noise(kind: Noise, nowMs: number): Response {
  switch (kind) {
    case "trickle":
      return new Response(trickle(), { headers: json });
    case "huge":
      return new Response(`{"roleCredentials":{"accessKeyId":"${"A".repeat(HUGE_BYTES)}"}}`, {
        headers: json,
      });
    case "wrong":
      return new Response(credentials({ expiration: "tomorrow", secretAccessKey: 1 }), { headers: json });
    case "redirect":
      return new Response(null, {
        status: 302,
        headers: { location: "http://169.254.169.254/latest/meta-data/" },
      });
    case "truncated":
      return new Response(cut(credentials({ expiration: nowMs + 3_600_000 })), { headers: json });
    case "past":
      return new Response(credentials({ expiration: nowMs - 1_000 }), { headers: json });
  }
}

/** One byte of a good beginning twice a second, until whoever reads goes away. */
function trickle(): ReadableStream<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  return new ReadableStream({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new Uint8Array([32])), TRICKLE_MS);
      timer.unref();
    },
    cancel() {
      clearInterval(timer);
    },
  });
}

/** Half of it, and then the connection breaks. */
function cut(text: string): ReadableStream<Uint8Array> {
  const half = new TextEncoder().encode(text.slice(0, text.length >> 1));
  return new ReadableStream({
    start: (controller) => controller.enqueue(half),
    pull: (controller) => controller.error(new Error("the connection broke")),
  });
}
