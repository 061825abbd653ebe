import type { ConfirmView } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import { longDuration } from "../duration.ts";
import type { Context } from "./context.ts";

/** Answers to a press on a production role in the portal. */
export function confirmActions({ backend, around, said, under, refreshState }: Context) {
  return {
    async confirmCopy({ id, account, accountName, role }: ConfirmView): Promise<void> {
      const done = await under("confirm", () => backend.confirmCopy({ id }));
      await refreshState();
      if (!done) return;
      const what = t("common.roleIn", [role, accountName ?? account]);
      said(t("portal.copied", [what, longDuration(done.expiresAtMs - around.now())]));
    },
    async confirmDrop({ id }: ConfirmView): Promise<void> {
      await under("confirm", () => backend.confirmDrop({ id }));
      await refreshState();
    },
  };
}
