import type { JumpcloudView, PortalView } from "../../messaging/view.ts";
import type { Actions } from "../actions.ts";
import { longDuration, shortDuration } from "../duration.ts";
import type { UiState } from "../state.ts";
import { Icon } from "./icon.tsx";

const STATUS_WORD: Readonly<Record<PortalView["status"], string>> = {
  live: "signed in",
  expired: "session ended",
  "signed-out": "signed out",
  "region-unknown": "region needed",
  unconfirmed: "no answer",
};

function PortalChip({
  portal,
  chosen,
  alone,
  nowMs,
  actions,
}: {
  portal: PortalView;
  chosen: boolean;
  /** With several portals the region moves into the title, so that all of them are in sight. */
  alone: boolean;
  nowMs: number;
  actions: Actions;
}) {
  const leftMs = portal.status === "live" && portal.expiresAtMs !== null ? portal.expiresAtMs - nowMs : null;
  const clock = leftMs === null ? STATUS_WORD[portal.status] : shortDuration(leftMs);
  const name = [
    `Portal ${portal.alias}`,
    portal.region,
    portal.userName,
    leftMs === null ? STATUS_WORD[portal.status] : `${longDuration(leftMs)} left`,
  ];
  const label = name.filter(Boolean).join(", ");
  const signedOut = portal.status === "signed-out" || portal.status === "expired";
  const press = (): void => {
    if (chosen && signedOut) void actions.signIn(portal.origin);
    else if (!chosen) void actions.selectPortal(portal.origin);
  };
  return (
    <button
      type="button"
      class={`chip ${portal.status}${chosen ? " chosen" : ""}`}
      title={chosen && signedOut ? `Sign in to ${portal.alias}` : label}
      aria-label={label}
      aria-pressed={chosen}
      onClick={press}
    >
      <span class="dot" aria-hidden="true" />
      <b>{portal.alias}</b>
      {alone && portal.region && <span class="dim">{portal.region}</span>}
      {(chosen || leftMs === null) && <span class="clock">{clock}</span>}
    </button>
  );
}

const JUMPCLOUD_WORD: Readonly<Record<JumpcloudView["status"], string>> = {
  live: "signed in; open it",
  "signed-out": "signed out; open it to sign in",
  unknown: "check whether you are signed in",
};

/** Portals with their clocks, JumpCloud, and the way to the settings. */
export function SessionStrip({ state, actions }: { state: UiState; actions: Actions }) {
  const { view } = state;
  const jumpcloud = view?.jumpcloud;
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
          />
        ))}
        {view && view.portals.length === 0 && <span class="wordmark">jcfetch</span>}
      </div>
      {jumpcloud && (
        <button
          type="button"
          class={`chip jumpcloud ${jumpcloud.status}`}
          title={`JumpCloud: ${JUMPCLOUD_WORD[jumpcloud.status]}`}
          aria-label={`JumpCloud: ${JUMPCLOUD_WORD[jumpcloud.status]}`}
          aria-busy={state.busy.has("jumpcloud")}
          onClick={() => void actions.jumpcloud()}
        >
          <span class="dot" aria-hidden="true" />
          JumpCloud
        </button>
      )}
      <button
        type="button"
        class="quiet icon-only"
        aria-label="Settings"
        title="Settings"
        onClick={actions.openOptions}
      >
        <Icon name="gear" />
      </button>
    </header>
  );
}
