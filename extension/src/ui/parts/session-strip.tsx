import type { JumpcloudView, PortalView } from "../../messaging/view.ts";
import { t, type WordKey } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { longDuration, shortDuration } from "../duration.ts";
import { statusWord } from "../portal-words.ts";
import type { UiState } from "../state.ts";
import { Icon } from "./icon.tsx";
import { PortalSign } from "./portal-sign.tsx";

function PortalChip({
  portal,
  chosen,
  alone,
  nowMs,
  actions,
  toSessions,
}: {
  portal: PortalView;
  chosen: boolean;
  /** A mark tells one of several. */
  alone: boolean;
  nowMs: number;
  actions: Actions;
  toSessions: () => void;
}) {
  const leftMs = portal.status === "live" && portal.expiresAtMs !== null ? portal.expiresAtMs - nowMs : null;
  const clock = leftMs === null ? statusWord(portal) : shortDuration(leftMs);
  const name = [
    t("session.portal", [portal.alias]),
    portal.region,
    portal.userName,
    leftMs === null ? statusWord(portal) : t("time.left", [longDuration(leftMs)]),
  ];
  const label = name.filter(Boolean).join(", ");
  const signedOut = portal.status === "signed-out" || portal.status === "expired";
  const press = (): void => {
    if (chosen && signedOut) void actions.signIn(portal.origin);
    else if (chosen) toSessions();
    else void actions.selectPortal(portal.origin);
  };
  return (
    <button
      type="button"
      class={`chip ${portal.status}${chosen ? " chosen" : ""}`}
      title={chosen && signedOut ? t("session.signInTo", [portal.alias]) : label}
      aria-pressed={chosen}
      onClick={press}
    >
      <span class="unseen">{label}</span>
      <span class="seen" aria-hidden="true">
        {!alone && <PortalSign portal={portal} />}
        <span class="dot" />
        <b>{portal.alias}</b>
        {chosen && <span class="clock">{clock}</span>}
      </span>
    </button>
  );
}

/**
 * [SC6] Of the one portal that is signed in: the name of the one who acts, where several people are; else its region, where there is
 * place for the whole word. The chip says both, too, to those who point or listen.
 */
function Region({ portals: [portal, ...others] }: { portals: readonly PortalView[] }) {
  if (portal?.status !== "live" || others.length > 0) return null;
  const isOneOfSeveral = portal.others.length > 0;
  const text = isOneOfSeveral ? portal.userName : portal.region;
  if (!text) return null;
  return (
    <span class="where dim" aria-hidden="true">
      <span class={isOneOfSeveral ? "who" : undefined}>{text}</span>
    </span>
  );
}

/** JumpCloud's, where the names of several portals want the place. */
const SHORT = "JC";

const JUMPCLOUD_WORD = {
  live: "session.jumpcloudLive",
  "signed-out": "session.jumpcloudSignedOut",
  unknown: "session.jumpcloudUnknown",
} as const satisfies Record<JumpcloudView["status"], WordKey>;

/** Portals with their clocks, JumpCloud, and the ways to their cards and the settings. */
export function SessionStrip({ state, actions }: { state: UiState; actions: Actions }) {
  const { view } = state;
  const jumpcloud = view?.jumpcloud;
  const toSessions = (): void => void actions.show(state.screen === "sessions" ? "roles" : "sessions");
  return (
    <header class="strip">
      <div class="chips">
        {view?.portals.map((portal) => (
          <PortalChip
            key={portal.origin}
            portal={portal}
            chosen={portal.origin === state.portal}
            alone={view.portals.length === 1}
            nowMs={state.nowMs}
            actions={actions}
            toSessions={toSessions}
          />
        ))}
        {view && view.portals.length === 0 && <span class="wordmark">jcfetch</span>}
      </div>
      <Region portals={view?.portals ?? []} />
      {jumpcloud && (
        <button
          type="button"
          class={`chip jumpcloud ${jumpcloud.status}`}
          title={t(JUMPCLOUD_WORD[jumpcloud.status])}
          aria-current={state.screen === "sessions" ? "page" : undefined}
          onClick={toSessions}
        >
          <span class="unseen">{t(JUMPCLOUD_WORD[jumpcloud.status])}</span>
          <span class="seen" aria-hidden="true">
            <span class="dot" />
            {view.portals.length > 1 ? SHORT : "JumpCloud"}
          </span>
        </button>
      )}
      {actions.openPanel && (
        <button
          type="button"
          class="quiet icon-only"
          aria-label={t("switcher.panel")}
          title={t("switcher.panel")}
          onClick={() => void actions.openPanel?.().then(actions.close)}
        >
          <Icon name="panel" />
        </button>
      )}
      <button
        type="button"
        class="quiet icon-only"
        aria-label={t("session.settings")}
        title={t("session.settings")}
        onClick={actions.openOptions}
      >
        <Icon name="gear" />
      </button>
    </header>
  );
}
