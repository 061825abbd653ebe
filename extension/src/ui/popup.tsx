import { useEffect } from "preact/hooks";
import { t } from "../words.ts";
import type { Actions } from "./actions.ts";
import { ClipBar } from "./parts/clip-bar.tsx";
import { Icon } from "./parts/icon.tsx";
import { NoticeBar } from "./parts/notice.tsx";
import { SessionStrip } from "./parts/session-strip.tsx";
import { RolesScreen } from "./screens/roles.tsx";
import {
  ActivityScreen,
  ApprovalCard,
  ConfirmCard,
  HelpScreen,
  LockedPane,
  PairingScreen,
  SessionsScreen,
  TerminalsScreen,
} from "./screens.ts";
import type { UiState } from "./state.ts";
import { type Store, useStore } from "./store.ts";

interface PopupProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly mac: boolean;
}

const GONE: ReadonlySet<string> = new Set(["expired", "signed-off", "removing"]);

function terminalsText(state: UiState): string {
  const { view } = state;
  if (!view || view.broker.status === "none") return t("popup.setUpTerminals");
  const count = view.devices.filter(({ status }) => !GONE.has(status)).length;
  return count === 0 ? t("popup.pairTerminal") : t("popup.terminals", count);
}

/** Terminals, and what they want. */
function Footer({ state, actions }: { state: UiState; actions: Actions }) {
  const { view, screen } = state;
  if (!view) return <footer class="foot" />;
  const current = screen === "terminals" || screen === "pairing" || screen === "activity";
  return (
    <footer class="foot">
      <button
        type="button"
        class="quiet"
        aria-current={current ? "page" : undefined}
        onClick={() => void actions.show(current ? "roles" : "terminals")}
      >
        <Icon name="terminal" /> {terminalsText(state)}
      </button>
      {view.broker.status === "unreachable" && (
        <button type="button" class="quiet warn" onClick={() => void actions.show("terminals")}>
          {t("popup.brokerSilent")}
        </button>
      )}
      {view.alarm && screen !== "terminals" && (
        <button type="button" class="quiet warn" onClick={() => void actions.show("terminals")}>
          {t("popup.lookAtBroker")}
        </button>
      )}
      {view.pairing && screen !== "pairing" && (
        <button type="button" class="quiet attention" onClick={() => void actions.show("pairing")}>
          {t("popup.pairingWaits")}
        </button>
      )}
    </footer>
  );
}

function ScreenOf({ state, actions, mac }: { state: UiState; actions: Actions; mac: boolean }) {
  switch (state.screen) {
    case "roles":
      return <RolesScreen state={state} actions={actions} mac={mac} />;
    case "terminals":
      return <TerminalsScreen state={state} actions={actions} />;
    case "activity":
      return <ActivityScreen state={state} actions={actions} />;
    case "pairing":
      return <PairingScreen state={state} actions={actions} />;
    case "help":
      return <HelpScreen actions={actions} mac={mac} />;
    case "sessions":
      return <SessionsScreen state={state} actions={actions} />;
  }
}

export function Popup({ store, actions, mac }: PopupProps) {
  const state = useStore(store);
  const { screen } = state;
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || screen === "roles") return;
      event.preventDefault();
      // A pairing goes on while one looks elsewhere; only the button stops it.
      void actions.show(screen === "pairing" || screen === "activity" ? "terminals" : "roles");
    };
    document.addEventListener("keydown", leave);
    return () => document.removeEventListener("keydown", leave);
  }, [screen, actions]);
  const { wanted, locked } = state.view?.guard ?? {};
  useEffect(() => {
    if (wanted && !locked) void actions.goToWanted();
  }, [wanted, locked, actions]);
  if (locked) {
    return (
      <div class="popup">
        <LockedPane cause={locked} state={state} actions={actions} />
        <NoticeBar notice={state.notice} actions={actions} />
      </div>
    );
  }
  return (
    <div class="popup">
      {state.view?.approval && <ApprovalCard state={state} actions={actions} />}
      {state.view?.confirm && <ConfirmCard state={state} actions={actions} />}
      <SessionStrip state={state} actions={actions} />
      <ScreenOf state={state} actions={actions} mac={mac} />
      <NoticeBar notice={state.notice} actions={actions} />
      <ClipBar state={state} actions={actions} />
      <Footer state={state} actions={actions} />
    </div>
  );
}
