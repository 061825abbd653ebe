import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import type { Notice } from "../state.ts";
import { Icon } from "./icon.tsx";

/** What just happened, in one line, and what to do next. Always in the tree, so that readers hear every change. */
export function NoticeBar({ notice, actions }: { notice: Notice | null; actions: Actions }) {
  return (
    <div class="notice-place" role="status" aria-live="polite">
      {notice?.copied && <span class="unseen">{notice.text}</span>}
      {notice && !notice.copied && (
        <div class={`notice ${notice.tone}`}>
          <Icon name={notice.tone === "good" ? "check" : "alert"} />
          <span class="notice-text">
            <span class="say">{notice.text}</span>
            {notice.next && <span class="next"> → {notice.next}</span>}
          </span>
          <button
            type="button"
            class="quiet icon-only"
            aria-label={t("common.dismiss")}
            onClick={() => actions.dispatch({ type: "notice", notice: null })}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
