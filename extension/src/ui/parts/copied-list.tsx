import { useEffect, useState } from "preact/hooks";
import { formatTag } from "../../language.ts";
import type { CopyEntry } from "../../messaging/guard-view.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { ago, shortDuration } from "../duration.ts";
import { FORMAT_NAMES, FORMATS } from "../format-names.ts";
import type { UiState } from "../state.ts";
import { PortalSign } from "./portal-sign.tsx";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

function formatName(name: string): string {
  const format = FORMATS.find((one) => one === name);
  return format ? FORMAT_NAMES[format].short : name;
}

/** Of which portal, where there are several. */
function Where({ portal, state }: { portal: string; state: UiState }) {
  const portals = state.view?.portals ?? [];
  const one = portals.find(({ origin }) => origin === portal);
  if (portals.length < 2 || !one) return null;
  return (
    <span class="dim of-portal">
      <PortalSign portal={one} /> {one.alias}
    </span>
  );
}

function Entry({ entry, state }: { entry: CopyEntry; state: UiState }) {
  const { nowMs } = state;
  const { role, account, accountName, format, from, atMs, expiresAtMs } = entry;
  const left = expiresAtMs - nowMs;
  const when = new Date(atMs);
  const how = t(from === "portal" ? "guard.asFromPortal" : "guard.asFromPopup", [formatName(format)]);
  return (
    <li class="deed">
      <span class="deed-text">
        <span>{t("common.roleIn", [role, accountName ?? account])}</span>
        <Where portal={entry.portal} state={state} />
        <span class="dim">{how}</span>
        <span class="dim">{left > 0 ? t("guard.validFor", [shortDuration(left)]) : t("guard.ended")}</span>
      </span>
      <time class="dim" dateTime={when.toISOString()} title={when.toLocaleString(formatTag())}>
        {ago(nowMs - atMs)}
      </time>
    </li>
  );
}

/** Which roles were copied on this computer, newest first; never what. */
export function CopiedList({ state, actions }: Props) {
  const [entries, setEntries] = useState<readonly CopyEntry[] | undefined>();
  const copies = state.view?.copies;
  // Read anew when there is another copy.
  useEffect(() => void actions.readCopyLog().then(setEntries), [actions, copies]);
  if (entries === undefined) return null;
  if (entries.length === 0) {
    return (
      <p class="empty">{state.view?.guard.prefs.copyLog ? t("guard.nothingCopied") : t("guard.logOff")}</p>
    );
  }
  return (
    <>
      <ul class="deeds" aria-label={t("guard.copiedTitle")}>
        {entries.map((entry) => (
          <Entry key={`${entry.atMs} ${entry.account} ${entry.role}`} entry={entry} state={state} />
        ))}
      </ul>
      <button
        type="button"
        class="quiet wide"
        aria-busy={state.busy.has("copy-log")}
        onClick={() => void actions.clearCopyLog().then(() => setEntries([]))}
      >
        {t("guard.clearLog")}
      </button>
    </>
  );
}
