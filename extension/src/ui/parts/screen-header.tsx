import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { Icon } from "./icon.tsx";

export function ScreenHeader({
  title,
  actions,
  onBack,
}: {
  title: string;
  actions: Actions;
  onBack?: () => void;
}) {
  return (
    <div class="screen-header">
      <button
        type="button"
        class="quiet icon-only"
        aria-label={t("common.back")}
        onClick={onBack ?? (() => void actions.show("roles"))}
      >
        <Icon name="back" />
      </button>
      <h1>{title}</h1>
    </div>
  );
}
