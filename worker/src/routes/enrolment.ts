import { fromUtf8 } from "@jcfetch/shared/crypto/encoding";
import { open } from "@jcfetch/shared/crypto/seal";
import { requestContext } from "@jcfetch/shared/protocol/contexts";
import { EnrolmentRequest, enrol } from "@jcfetch/shared/protocol/endpoints";
import { MembershipRequest } from "@jcfetch/shared/protocol/membership";
import { ok, type Result } from "@jcfetch/shared/result";
import { toSeconds } from "@jcfetch/shared/time";
import type { Hono } from "hono";
import * as v from "valibot";
import type { AppEnv, Deps } from "../app.ts";
import type { EnrolledBy } from "../audit.ts";
import { bind, type Call } from "../bind.ts";
import { readEnrolmentToken } from "../broker/enrolment-token.ts";
import { memberMark } from "../broker/marks.ts";
import { directoryOf } from "../broker/membership.ts";
import { type BrokerError, refusal } from "../errors.ts";
import { proveNewcomer } from "../middleware/proof.ts";
import { MEMBERSHIP } from "../ticket/calls.ts";

type Admitted = Promise<Result<EnrolledBy, BrokerError>>;

/** [EN2] The signature, then the mark of the code, then its one use, then the user: storage is touched last. */
export function enrolment(app: Hono<AppEnv>, deps: Deps): void {
  const { identity, ring, enrolmentKey, vaultOf } = deps;
  bind(app, enrol, async ({ kid, box }, call) => {
    const proved = await proveNewcomer(call, deps);
    if (!proved.ok) return proved;
    const epoch = await ring.epoch(kid);
    if (!epoch) return refusal("epoch-gone");

    const { uid } = proved.value;
    const context = requestContext(uid, call.path);
    const at = { purpose: "enrol", bid: identity.bid, context } as const;
    const request = readRequest(await open(epoch.keys, at, box));
    if (!request) return refusal("ticket-refused");
    const admitted =
      "membership" in request
        ? await admitMember(request, { uid, call }, deps)
        : await admitCode(request.token, uid, deps);
    if (!admitted.ok) return admitted;
    const enrolled = await vaultOf(uid).enrol(proved.value, admitted.value);
    return enrolled.ok ? ok({ ok: true, member: await memberMark(enrolmentKey, uid) }) : enrolled;
  });
}

async function admitCode(token: string, uid: string, { enrolmentKey, now, ticketOf }: Deps): Admitted {
  const code = await readEnrolmentToken(enrolmentKey, token, toSeconds(now()));
  if (!code || !(await ticketOf(code.ticket).spend(uid, code.expiresAt))) return refusal("ticket-refused");
  return ok("code");
}

/** [EN6] [EN8] AWS is asked last, and seldom. */
async function admitMember(
  request: MembershipRequest,
  { uid, call }: { uid: string; call: Call },
  deps: Deps,
): Admitted {
  const { memberDirectories, now, ticketOf } = deps;
  if (memberDirectories.size === 0) return refusal("membership-off");
  const attempt = { uid, address: call.from?.address ?? null };
  const waitSeconds = await ticketOf(MEMBERSHIP).admitMember(attempt, toSeconds(now()));
  if (waitSeconds !== undefined) return refusal("membership-rate", waitSeconds);
  const directory = await directoryOf(request, memberDirectories, deps);
  return directory.ok ? ok(`member:${directory.value}` as const) : directory;
}

function readRequest(
  opened: Uint8Array | undefined,
): v.InferOutput<typeof EnrolmentRequest> | MembershipRequest | undefined {
  if (!opened) return undefined;
  try {
    const parsed = v.safeParse(v.union([EnrolmentRequest, MembershipRequest]), JSON.parse(fromUtf8(opened)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
