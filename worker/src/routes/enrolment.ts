import { fromUtf8 } from "@jcfetch/shared/crypto/encoding";
import { open } from "@jcfetch/shared/crypto/seal";
import { requestContext } from "@jcfetch/shared/protocol/contexts";
import { EnrolmentRequest, enrol } from "@jcfetch/shared/protocol/endpoints";
import { ok } from "@jcfetch/shared/result";
import { toSeconds } from "@jcfetch/shared/time";
import type { Hono } from "hono";
import * as v from "valibot";
import type { AppEnv, Deps } from "../app.ts";
import { bind } from "../bind.ts";
import { readEnrolmentToken } from "../broker/enrolment-token.ts";
import { memberMark } from "../broker/marks.ts";
import { refusal } from "../errors.ts";
import { proveNewcomer } from "../middleware/proof.ts";

/** [EN2] The signature, then the mark of the code, then its one use, then the user: storage is touched last. */
export function enrolment(app: Hono<AppEnv>, deps: Deps): void {
  const { identity, enrolmentKey, now, ticketOf, vaultOf } = deps;
  bind(app, enrol, async ({ kid, box }, call) => {
    const proved = await proveNewcomer(call, deps);
    if (!proved.ok) return proved;
    if (kid !== identity.epoch.kid) return refusal("epoch-gone");

    const at = {
      purpose: "enrol",
      bid: identity.bid,
      context: requestContext(proved.value.uid, call.path),
    } as const;
    const token = readToken(await open(identity.epoch.keys, at, box));
    const code = token && (await readEnrolmentToken(enrolmentKey, token, toSeconds(now())));
    const { uid } = proved.value;
    if (!code || !(await ticketOf(code.ticket).spend(uid, code.expiresAt))) return refusal("ticket-refused");
    const enrolled = await vaultOf(uid).enrol(proved.value);
    return enrolled.ok ? ok({ ok: true, member: await memberMark(enrolmentKey, uid) }) : enrolled;
  });
}

function readToken(opened: Uint8Array | undefined): string | undefined {
  if (!opened) return undefined;
  try {
    const parsed = v.safeParse(EnrolmentRequest, JSON.parse(fromUtf8(opened)));
    return parsed.success ? parsed.output.token : undefined;
  } catch {
    return undefined;
  }
}
