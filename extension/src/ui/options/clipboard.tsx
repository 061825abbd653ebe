import { useEffect, useState } from "preact/hooks";
import { CLIPBOARD_SECONDS } from "../../messaging/guard-view.ts";
import { t } from "../../words.ts";
import { CopiedList } from "../parts/copied-list.tsx";
import { Section, type SectionProps, Setting } from "./section.tsx";

const STEP = 10;
const CHOICES = Array.from(
  { length: (CLIPBOARD_SECONDS.most - CLIPBOARD_SECONDS.least) / STEP + 1 },
  (_, at) => CLIPBOARD_SECONDS.least + at * STEP,
);
const MAY_LOOK = "clipboardRead";

/** Whether only what is still ours is cleared: the browser's permission is the setting. */
function LookFirst({ actions }: Pick<SectionProps, "actions">) {
  const [on, setOn] = useState<boolean | undefined>();
  useEffect(() => void actions.hasPermission(MAY_LOOK).then(setOn), [actions]);
  return (
    <Setting
      label={t("options.lookFirst")}
      note={on === true ? t("options.lookFirstOn") : t("options.lookFirstOff")}
    >
      <input
        type="checkbox"
        checked={on ?? false}
        disabled={on === undefined}
        onChange={({ currentTarget: { checked } }) =>
          // First thing after the press: the browser's question is only allowed while the press is fresh.
          void actions.changePermission(MAY_LOOK, checked).then(setOn)
        }
      />
    </Setting>
  );
}

export function ClipboardSection({ state, actions }: SectionProps) {
  const guard = state.view?.guard;
  if (!guard) return null;
  const { prefs, managed } = guard;
  const seconds = CHOICES.includes(prefs.clipboardSeconds)
    ? CHOICES
    : [...CHOICES, prefs.clipboardSeconds].sort((a, b) => a - b);
  return (
    <Section id="clipboard" title={t("options.clipboard")}>
      <Setting
        label={t("options.clearAfter")}
        note={t("options.clearAfterNote")}
        managed={managed.includes("clipboardSeconds")}
      >
        <select
          value={String(prefs.clipboardSeconds)}
          disabled={managed.includes("clipboardSeconds")}
          onChange={(event) => void actions.setGuard({ clipboardSeconds: Number(event.currentTarget.value) })}
        >
          {seconds.map((each) => (
            <option key={each} value={each}>
              {t("options.seconds", each)}
            </option>
          ))}
        </select>
      </Setting>
      <LookFirst actions={actions} />
      <p class="dim">{t("options.history")}</p>
      <Setting label={t("options.noticeCopies")} note={t("options.noticeCopiesNote")}>
        <select
          value={String(prefs.noticeMinutes)}
          onChange={(event) => {
            const minutes = ([0, 5, 10, 15] as const).find(
              (one) => one === Number(event.currentTarget.value),
            );
            if (minutes !== undefined) void actions.setGuard({ noticeMinutes: minutes });
          }}
        >
          <option value={0}>{t("options.never")}</option>
          {[5, 10, 15].map((minutes) => (
            <option key={minutes} value={minutes}>
              {t("options.minutesBefore", minutes)}
            </option>
          ))}
        </select>
      </Setting>
      <Setting label={t("options.noticeSession")} note={t("options.noticeSessionNote")}>
        <input
          type="checkbox"
          checked={prefs.noticeSession}
          onChange={({ currentTarget: { checked } }) => void actions.setGuard({ noticeSession: checked })}
        />
      </Setting>
      <Setting label={t("options.keepLog")} note={t("options.keepLogNote")}>
        <input
          type="checkbox"
          checked={prefs.copyLog}
          onChange={({ currentTarget: { checked } }) => void actions.setGuard({ copyLog: checked })}
        />
      </Setting>
      <details>
        <summary>{t("guard.copiedTitle")}</summary>
        <CopiedList state={state} actions={actions} />
      </details>
    </Section>
  );
}
