import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { away } from "./client.ts";
import { tell } from "./control.ts";
import type { AgentPlace } from "./place.ts";

/** [AG19] Whether a share answers at a socket that tells no status: it is silent on itself, and that is how it is known. */
export async function shareAnswers(host: Host, place: AgentPlace): Promise<Result<null, Failure>> {
  const answer = await tell(host, place, "status");
  if (answer?.answer !== "failure") return err(away(place));
  return answer.failure.code === "not-shared" ? ok(null) : err(answer.failure);
}
