import { HOUR_MS } from "@jcfetch/shared/time";
import type { JumpcloudView, PortalView } from "../../messaging/view.ts";
import { t, type WordKey } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { ago, longDuration, shortDuration } from "../duration.ts";
import { PortalSign } from "../parts/portal-sign.tsx";
import { Ring } from "../parts/ring.tsx";
import { ScreenHeader } from "../parts/screen-header.tsx";
import { statusWord } from "../portal-words.ts";
import { pushText } from "../situation.ts";
import type { UiState } from "../state.ts";

interface ScreenProps {
  readonly state: UiState;
  readonly actions: Actions;
}

type CardProps = ScreenProps & { readonly portal: PortalView };

/** The ring is full as long as a session lasts unless somebody changed it. @source IAM Identity Center, session duration: eight hours. */
const FULL_RING_MS = 8 * HOUR_MS;

const signedOut = ({ status }: PortalView): boolean => status === "signed-out" || status === "expired";
const lives = ({ status, missing, expiresAtMs }: PortalView, nowMs: number): number | null =>
  status === "live" && missing.length === 0 && expiresAtMs !== null ? expiresAtMs - nowMs : null;

function Countdown({ leftMs }: { leftMs: number }) {
  return (
    <span class="countdown">
      <Ring left={leftMs / FULL_RING_MS} />
      <span aria-hidden="true">{t("time.left", [shortDuration(leftMs)])}</span>
      <span class="unseen">{t("time.left", [longDuration(leftMs)])}</span>
    </span>
  );
}

/** [SC2] The one thing that helps where this portal stands. */
function helpOf({ portal, actions }: CardProps): { label: string; spoken: string; act: () => Promise<void> } {
  const { origin, alias, status, missing } = portal;
  if (missing.length > 0)
    return {
      label: t("access.allow"),
      spoken: t("sessions.allowFor", [alias]),
      act: () => actions.allowPortal(origin),
    };
  if (signedOut(portal))
    return {
      label: t("common.signIn"),
      spoken: t("session.signInTo", [alias]),
      act: () => actions.signIn(origin),
    };
  if (status === "unconfirmed")
    return {
      label: t("sessions.check"),
      spoken: t("sessions.checkOf", [alias]),
      act: () => actions.checkPortal(origin),
    };
  if (status === "region-unknown")
    return {
      label: t("situation.regionEllipsis"),
      spoken: t("situation.whichRegion", [alias]),
      act: () => actions.selectPortal(origin),
    };
  return {
    label: t("sessions.roles"),
    spoken: t("sessions.rolesOf", [alias]),
    act: () => actions.selectPortal(origin),
  };
}

function PortalButtons(props: CardProps) {
  const { portal, state, actions } = props;
  const { view, busy } = state;
  const help = helpOf(props);
  // With several portals nobody can say to which of them JumpCloud's link leads.
  const byTile = signedOut(portal) && view?.jumpcloud.tile && view.portals.length === 1;
  return (
    <div class="buttons">
      <button
        type="button"
        aria-label={help.spoken}
        aria-busy={busy.has("sign-in") || busy.has(`check:${portal.origin}`)}
        onClick={() => void help.act()}
      >
        {help.label}
      </button>
      {byTile && (
        <button type="button" onClick={() => void actions.signInThroughJumpcloud()}>
          {t("sessions.through")}
        </button>
      )}
      {portal.status === "live" && portal.missing.length === 0 && (
        <button
          type="button"
          aria-label={t("sessions.openPortalOf", [portal.alias])}
          onClick={() => void actions.signIn(portal.origin)}
        >
          {t("sessions.openPortal")}
        </button>
      )}
    </div>
  );
}

/** [SC6] Who else is signed in there, by name, and the way to act as that one. */
function Others({ portal, state, actions }: CardProps) {
  return portal.others.map(({ store, userName }) => (
    <p key={store} class="session-other">
      <span>{t("sessions.other", [userName ?? t("sessions.somebody")])}</span>
      <button
        type="button"
        aria-label={t("sessions.actAsOne", [userName ?? t("sessions.somebody")])}
        aria-busy={state.busy.has(`user:${portal.origin}`)}
        onClick={() => void actions.actAs(portal.origin, store)}
      >
        {t("sessions.actAs")}
      </button>
    </p>
  ));
}

function PortalCard(props: CardProps) {
  const { portal, state } = props;
  const leftMs = lives(portal, state.nowMs);
  const push = signedOut(portal) && portal.missing.length === 0;
  return (
    <li class={`session-card ${portal.status}`}>
      <div class="session-head">
        <PortalSign portal={portal} />
        <h2>{portal.alias}</h2>
        {portal.region && <span class="dim">{portal.region}</span>}
        {leftMs !== null && <Countdown leftMs={leftMs} />}
      </div>
      <p class="session-state">
        <span class="dot" aria-hidden="true" />
        {portal.userName && leftMs !== null ? t("sessions.user", [portal.userName]) : statusWord(portal)}
      </p>
      <Others {...props} />
      {push && <p class="hint">{pushText(state, portal.origin) ?? t("sessions.expect")}</p>}
      <PortalButtons {...props} />
    </li>
  );
}

const JUMPCLOUD_STATE = {
  live: "session.live",
  "signed-out": "session.signedOut",
  unknown: "sessions.notAsked",
} as const satisfies Record<JumpcloudView["status"], WordKey>;

function jumpcloudState({ status, name, checkedAtMs }: JumpcloudView): string {
  if (status === "live" && name !== null) return t("sessions.user", [name]);
  return t(checkedAtMs !== null && status === "unknown" ? "session.unconfirmed" : JUMPCLOUD_STATE[status]);
}

function JumpcloudCard({ state, actions, jumpcloud }: ScreenProps & { jumpcloud: JumpcloudView }) {
  const { status, checkedAtMs, tile } = jumpcloud;
  return (
    <li class={`session-card ${status}`}>
      <div class="session-head">
        <h2>JumpCloud</h2>
        {checkedAtMs !== null && (
          <span class="dim countdown">{t("sessions.checked", [ago(state.nowMs - checkedAtMs)])}</span>
        )}
      </div>
      <p class="session-state">
        <span class="dot" aria-hidden="true" />
        {jumpcloudState(jumpcloud)}
      </p>
      <p class="hint">{t(status === "signed-out" ? "sessions.expect" : "sessions.jumpcloudNote")}</p>
      <div class="buttons">
        {status !== "unknown" && (
          <button
            type="button"
            aria-label={t(status === "live" ? "sessions.openJumpcloud" : "sessions.signInJumpcloud")}
            onClick={() => void actions.openJumpcloud()}
          >
            {t(status === "live" ? "sessions.open" : "common.signIn")}
          </button>
        )}
        {tile && (
          <button type="button" onClick={() => void actions.signInThroughJumpcloud()}>
            {t("sessions.tile")}
          </button>
        )}
        <button
          type="button"
          aria-label={t("sessions.checkJumpcloud")}
          aria-busy={state.busy.has("jumpcloud")}
          onClick={() => void actions.checkJumpcloud()}
        >
          {t("sessions.check")}
        </button>
      </div>
    </li>
  );
}

/** [SC1] Who is signed in where, how long yet, and what helps. */
export function SessionsScreen({ state, actions }: ScreenProps) {
  const { view } = state;
  return (
    <main class="sessions">
      <ScreenHeader title={t("sessions.title")} actions={actions} />
      <ul>
        {view?.portals.map((portal) => (
          <PortalCard key={portal.origin} portal={portal} state={state} actions={actions} />
        ))}
        {view && <JumpcloudCard state={state} actions={actions} jumpcloud={view.jumpcloud} />}
      </ul>
    </main>
  );
}
