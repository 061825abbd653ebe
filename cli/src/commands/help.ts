import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { suggestion } from "../nearest.ts";
import { quoted } from "../quoted.ts";
import { helpOn, TOPIC_NAMES } from "../usage.ts";

export async function help(topic: string | undefined, host: Host): Promise<Result<null, Failure>> {
  const text = helpOn(topic);
  if (text === undefined) {
    const name = topic ?? "";
    const title = `there is no help on ${quoted(name)}${suggestion(name, TOPIC_NAMES)}`;
    return err(fail("usage", title, "see what there is: jcfetch --help"));
  }
  await host.io.out(text);
  return ok(null);
}
