import type { AuditEntry } from "@jcfetch/shared/protocol/audit";
import { isWireErrorCode } from "@jcfetch/shared/protocol/errors";
import { err, ok } from "@jcfetch/shared/result";
import { toMs } from "@jcfetch/shared/time";
import { problemOf, refusalTitle } from "../broker/refusal.ts";
import { t } from "../words.ts";
import {
  activity,
  approvalAnswer,
  pairApprove,
  pairCancel,
  pairPreview,
  pairStart,
  pairState,
  pairWords,
} from "./messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Services } from "./services.ts";
import type { ActivityEntry } from "./terms.ts";

/** Pairing a terminal, what terminals ask for, and what they did. */
export function terminalRoutes(services: Services): Route[] {
  const { pairing, grants, approvals, broker, seen, notify } = services;
  return [
    route(pairStart, () => pairing.start()),
    route(pairState, async () => ok(await pairing.view())),
    route(pairWords, ({ words }) => pairing.words(words)),
    route(pairPreview, (terms) => grants.preview(terms)),

    route(pairApprove, async (terms) => {
      const done = await pairing.approve(terms);
      await seen.forget();
      services.deposit();
      notify("state");
      return done;
    }),

    route(pairCancel, async () => {
      await pairing.cancel();
      services.showIcon();
      notify("state");
      return ok({});
    }),

    route(approvalAnswer, async ({ id, digits }) => {
      const outcome = await approvals.answer(id, digits);
      return outcome ? ok({ outcome }) : err(problem("no-question"));
    }),

    route(activity, async ({ before }) => {
      const connection = await broker.connection();
      if (!connection) return err(problem("no-broker"));
      const page = await services.activity.page(connection, before);
      notify("state"); // what was read may be an alarm
      if (!page.ok) return err(problemOf(page.error));
      return ok({ entries: page.value.entries.map(entryView), before: page.value.before });
    }),
  ];
}

function entryView({ at, mode, outcome, ...entry }: AuditEntry): ActivityEntry {
  const shown = entry.act === "skip" ? null : outcomeView(outcome); // a hash, that is
  return { ...entry, atMs: toMs(at), relayed: mode === "relay", outcome: shown };
}

/** `revoke` ends with how things stand now; everything else with `ok` or the code of a refusal. */
function outcomeView(outcome: string | null): ActivityEntry["outcome"] {
  if (outcome === null) return null;
  if (!isWireErrorCode(outcome))
    return { good: true, text: outcome === "ok" ? t("activity.given") : outcome };
  if (outcome === "locked") return { good: true, text: t("activity.locked") };
  return { good: false, text: refusalTitle(outcome) };
}
