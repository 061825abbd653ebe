import { ok, type Result } from "@jcfetch/shared/result";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { VERSION } from "../version.ts";

export async function version(host: Host): Promise<Result<null, Failure>> {
  await host.io.out(`jcfetch ${VERSION}\n`);
  return ok(null);
}
