import { health as healthEndpoint, keys } from "@jcfetch/shared/protocol/endpoints";
import { PROTOCOL_VERSION } from "@jcfetch/shared/protocol/version";
import { ok } from "@jcfetch/shared/result";
import { toSeconds } from "@jcfetch/shared/time";
import type { Hono } from "hono";
import type { AppEnv, Deps } from "../app.ts";
import { bind } from "../bind.ts";
import { signKeyset } from "../broker/identity.ts";

export function health(app: Hono<AppEnv>, { identity, ring, now }: Deps): void {
  bind(app, healthEndpoint, async () => ok({ ok: true as const, version: PROTOCOL_VERSION }));
  bind(app, keys, async () =>
    ok({ keyset: await signKeyset(identity, await ring.epochs(), toSeconds(now())) }),
  );
}
