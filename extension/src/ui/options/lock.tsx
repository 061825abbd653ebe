import { useEffect, useState } from "preact/hooks";
import { LOCK_MINUTES } from "../../messaging/guard-view.ts";
import { t } from "../../words.ts";
import { Section, type SectionProps, Setting } from "./section.tsx";

const CHOICES = [LOCK_MINUTES.least, 10, 15, 30, 60, LOCK_MINUTES.most];
const IDLE = "idle";

export function LockSection({ state, actions }: SectionProps) {
  const [mayAsk, setMayAsk] = useState<boolean | undefined>();
  useEffect(() => void actions.hasPermission(IDLE).then(setMayAsk), [actions]);
  const guard = state.view?.guard;
  if (!guard) return null;
  const { prefs, managed } = guard;
  const forced = managed.includes("lockMinutes");
  const minutes = [...new Set([...CHOICES, prefs.lockMinutes])]
    .filter((one) => one > 0)
    .sort((a, b) => a - b);
  /** Ask the browser for what tells of idleness, first thing after the press; a lock works, worse, without. */
  const allowed = async (): Promise<void> => setMayAsk(await actions.changePermission(IDLE, true));
  const on = prefs.lockMinutes > 0 || prefs.lockWithScreen;
  return (
    <Section id="lock" title={t("options.lock")}>
      <p>{t("options.lockMeans")}</p>
      <Setting label={t("options.lockAfter")} managed={forced}>
        <select
          value={String(prefs.lockMinutes)}
          disabled={forced}
          onChange={async (event) => {
            const lockMinutes = Number(event.currentTarget.value);
            if (lockMinutes > 0) await allowed();
            await actions.setGuard({ lockMinutes });
          }}
        >
          <option value={0}>{t("options.never")}</option>
          {minutes.map((one) => (
            <option key={one} value={one}>
              {t("options.minutes", one)}
            </option>
          ))}
        </select>
      </Setting>
      <Setting
        label={t("options.lockWithScreen")}
        {...(!actions.tellsScreen && { note: t("options.lockWithScreenNote") })}
        managed={managed.includes("lockWithScreen")}
      >
        <input
          type="checkbox"
          checked={prefs.lockWithScreen}
          disabled={managed.includes("lockWithScreen")}
          onChange={async ({ currentTarget: { checked } }) => {
            if (checked) await allowed();
            await actions.setGuard({ lockWithScreen: checked });
          }}
        />
      </Setting>
      {on && mayAsk === false && (
        <p class="line">
          <span>{t("options.idleMissing")}</span>
          <button type="button" onClick={() => void allowed()}>
            {t("options.allow")}
          </button>
        </p>
      )}
      <button type="button" onClick={() => void actions.lockNow()}>
        {t("options.lockNow")}
      </button>
    </Section>
  );
}
