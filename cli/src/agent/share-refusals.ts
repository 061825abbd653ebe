import { describeRole, type RoleRef } from "@jcfetch/shared/domain/role";
import { type Failure, fail } from "../exit.ts";

export const ended = fail(
  "not-shared",
  "this share of an agent has ended",
  "share again where the agent runs: jcfetch agent share",
);
export const onlyCredentials = fail(
  "not-shared",
  "this is a share of an agent: it gives credentials of some roles, and does nothing else",
  "do it where the agent runs",
);
/** Whoever asks from elsewhere can start nothing anew. */
export const notUnderstoodHere = fail(
  "agent-failed",
  "the agent did not understand the request",
  "update the older jcfetch of the two: here, or where the agent runs",
);
export const notAmongThem = (want: RoleRef): Failure =>
  fail(
    "not-shared",
    `the role ${describeRole(want)} is not shared on this socket`,
    "share it where the agent runs: jcfetch agent share",
  );

/** [AG20] */
export const askedEachTime = (want: RoleRef): Failure =>
  fail(
    "not-shared",
    `the role ${describeRole(want)} is asked for each time, and such roles are not shared`,
    "use it where the agent runs, or pair the other host by itself: jcfetch pair",
  );
