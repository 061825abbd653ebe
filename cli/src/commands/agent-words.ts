import type { AgentPlace } from "../agent/place.ts";
import type { SharedSocket } from "../agent/status.ts";
import { shown } from "../config/paths.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { columns } from "../table.ts";
import { left } from "../when.ts";

export const notStarted = ({ folder }: AgentPlace): Failure =>
  fail(
    "agent-failed",
    `the agent does not start, or ${folder} is not for you alone`,
    "look at that folder; commands do the work themselves meanwhile",
  );

export const sharesInWords = (shares: readonly SharedSocket[], host: Host): string =>
  columns(
    shares.map(({ path, untilMs, roles }) => [
      "shared",
      shown(path, host.home),
      left(untilMs - host.now()),
      roles.map(({ account, role }) => `${account}/${role}`).join(" "),
    ]),
  );
