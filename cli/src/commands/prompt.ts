import { ok, type Result } from "@jcfetch/shared/result";
import { askedAgent } from "../clocks.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { choices } from "../pick/choices.ts";
import { actingAs, endOf, segment } from "../segment.ts";

/** [CF7] What a shell shows in its prompt. A prompt never fails, and nobody waits for one: what cannot be known is left out. */
export async function prompt(json: boolean, host: Host): Promise<Result<null, Failure>> {
  const acting = actingAs(host.env);
  const endsAtMs =
    acting?.kind === "keys" ? acting.endsAtMs : acting && (await endOfProfile(acting.name, host));
  const text = acting ? segment(acting.name, endsAtMs, host.now()) : "";
  const isLive = text !== "";
  if (json) {
    const data = isLive ? { profile: acting?.name, endsAtMs } : {};
    await host.io.out(`${JSON.stringify({ live: isLive, ...data })}\n`);
  } else if (isLive) await host.io.out(`${text}\n`);
  return ok(null);
}

async function endOfProfile(name: string, host: Host): Promise<number | undefined> {
  const found = await choices(host);
  const profile = found.ok ? found.value.find((one) => one.name === name) : undefined;
  const agent = profile && (await askedAgent(host));
  return profile && agent && endOf(profile, agent.roles);
}
