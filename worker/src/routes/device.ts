import { leave, takeEnvelope } from "@jcfetch/shared/protocol/endpoints";
import type { Hono } from "hono";
import type { AppEnv, Deps } from "../app.ts";
import { bind } from "../bind.ts";
import { proveDevice } from "../middleware/proof.ts";

export function device(app: Hono<AppEnv>, deps: Deps): void {
  bind(app, takeEnvelope, async ({ grant }, call) => {
    const proved = await proveDevice(call, grant, deps);
    return proved.ok ? deps.vaultOf(proved.value.call.uid).takeEnvelope(proved.value.call) : proved;
  });

  bind(app, leave, async ({ grant }, call) => {
    const proved = await proveDevice(call, grant, deps);
    return proved.ok ? deps.vaultOf(proved.value.call.uid).leave(proved.value.call) : proved;
  });
}
