import type { AskVoice, Want } from "@jcfetch/shared/device-asking";
import { describeRole, type RoleRef } from "@jcfetch/shared/domain/role";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { decide } from "@jcfetch/shared/protocol/policy";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { SourceRef } from "../agent/wire.ts";
import { voiceOf } from "../asking.ts";
import type { SsoSession } from "../config/sessions.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { explained } from "../net/network.ts";
import { openBrokered } from "./brokered.ts";

/** Where role credentials come from, opened for one command or one flight of the agent. */
export interface Source {
  /** Whether the user is asked each time: such credentials are one caller's, and are not kept. */
  asks(want: RoleRef): boolean;
  credentials(want: Want): Promise<Result<RoleCredentials, Failure>>;
}

/**
 * @param voice who is asked; without it, the person at this terminal.
 * @param warn told a line for the person: it will do, but something is not as it should be.
 */
export function openSource(
  host: Host,
  ref: SourceRef,
  voice: () => AskVoice = () => voiceOf(host),
  warn: (line: string) => void = () => {},
): Promise<Result<Source, Failure>> {
  switch (ref.kind) {
    case "brokered":
      return brokeredSource(host, voice);
    case "direct":
      return directSource(host, ref.session, warn);
  }
}

/** [DM1] Whoever is signed in has every role: nobody is asked. */
async function directSource(
  host: Host,
  session: SsoSession,
  warn: (line: string) => void,
): Promise<Result<Source, Failure>> {
  const { directFor } = await import("./direct.ts");
  const opened = await directFor(host, session);
  if (!opened.ok) return opened;
  const { credentials } = opened.value;
  return ok({
    asks: () => false,
    async credentials({ account, role }) {
      const fetched = await credentials({ account, role });
      if (!fetched.ok) return err(aboutRole(explained(fetched.error, host), { account, role }));
      if (fetched.value.warning !== undefined) warn(fetched.value.warning);
      return ok(fetched.value.credentials);
    },
  });
}

async function brokeredSource(host: Host, voice: () => AskVoice): Promise<Result<Source, Failure>> {
  const opened = await openBrokered(host, voice);
  if (!opened.ok) return opened;
  const { grant, credentials } = opened.value;
  return ok({
    asks(want) {
      const decision = decide(grant, want);
      return decision.access === "allowed" && decision.asks;
    },
    async credentials(want) {
      const fetched = await credentials(want);
      return fetched.ok ? fetched : err(aboutRole(explained(fetched.error, host), want));
    },
  });
}

/** The same refusal, naming the role it is about. */
function aboutRole(failure: Failure, want: RoleRef): Failure {
  switch (failure.code) {
    case "policy":
      return { ...failure, title: `this terminal was not given the role ${describeRole(want)}` };
    case "role-not-assigned":
      return { ...failure, title: `AWS says the role ${describeRole(want)} is not assigned to you` };
    default:
      return failure;
  }
}
