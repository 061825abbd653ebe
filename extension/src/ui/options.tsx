import type { PortalView, Theme } from "../messaging/view.ts";
import type { Actions } from "./actions.ts";
import { FORMAT_NAMES, FORMATS } from "./format-names.ts";
import { ApprovalCard } from "./parts/approval-card.tsx";
import { Brand } from "./parts/icon.tsx";
import { NoticeBar } from "./parts/notice.tsx";
import { AddPortal } from "./parts/situation-pane.tsx";
import { ActivityScreen } from "./screens/activity.tsx";
import { KeyTable } from "./screens/help.tsx";
import { PairingScreen } from "./screens/pairing.tsx";
import { Terminals } from "./screens/terminals.tsx";
import type { UiState } from "./state.ts";
import { type Store, useStore } from "./store.ts";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

function Looks({ state, actions }: Props) {
  const prefs = state.view?.prefs;
  return (
    <section>
      <h2>General</h2>
      <fieldset class="choice">
        <legend>Theme</legend>
        {THEMES.map(([theme, text]) => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={prefs?.theme === theme}
              onChange={() => void actions.setPrefs({ theme })}
            />
            {text}
          </label>
        ))}
      </fieldset>
      <label class="line">
        <span>
          Copy credentials for
          <small>
            What the copy button in the portal and in the popup writes. Choosing another there changes it
            here.
          </small>
        </span>
        <select
          value={prefs?.format ?? "sh"}
          onChange={(event) => {
            const format = FORMATS.find((name) => name === event.currentTarget.value);
            if (format) void actions.setPrefs({ format });
          }}
        >
          {FORMATS.map((format) => (
            <option key={format} value={format}>
              {FORMAT_NAMES[format].long}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}

function PortalLine({ portal, state, actions }: Props & { portal: PortalView }) {
  const key = `portal:${portal.origin}`;
  return (
    <li class="line">
      <span>
        <b>{portal.alias}</b> <span class="dim">{portal.region ?? "region not known yet"}</span>
        <small class="account-id">{portal.startUrl}</small>
      </span>
      {state.confirming === key ? (
        <span class="buttons">
          <button type="button" class="danger" onClick={() => void actions.removePortal(portal.origin)}>
            Forget {portal.alias}
          </button>
          <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: null })}>
            Keep
          </button>
        </span>
      ) : (
        <button
          type="button"
          aria-label={`Forget ${portal.alias}`}
          onClick={() => actions.dispatch({ type: "confirm", key })}
        >
          Forget
        </button>
      )}
    </li>
  );
}

function Portals(props: Props) {
  const portals = props.state.view?.portals ?? [];
  return (
    <section>
      <h2>Access portals</h2>
      <ul class="lines">
        {portals.map((portal) => (
          <PortalLine key={portal.origin} portal={portal} {...props} />
        ))}
      </ul>
      <AddPortal label="Add" actions={props.actions} stay />
    </section>
  );
}

function About({ version }: { version: string }) {
  return (
    <section>
      <h2>Privacy</h2>
      <p>
        jcfetch talks to three parties and to nobody else: AWS, JumpCloud, and the broker you connected. It
        sends no statistics and no crash reports, and has no account of its own.
      </p>
      <p>
        Your portal session stays in the browser's cookie jar and is read only at the moment it is needed. For
        a terminal that works while the browser is closed a locked copy goes to the broker; opening it takes
        that terminal's key and the broker's together. For one that works only with the browser nothing does:
        the broker passes on what it cannot read.
      </p>
      <p>
        Credentials go to the clipboard and are not kept. What is stored here are names and numbers of
        accounts and roles, your favorites, your settings, the list of terminals and what of them is locked,
        and the keys that speak for this browser at the broker.
      </p>
      <p class="dim">Version {version}</p>
    </section>
  );
}

function TerminalsPart(props: Props) {
  if (props.state.screen === "pairing") return <PairingScreen {...props} />;
  return props.state.screen === "activity" ? <ActivityScreen {...props} /> : <Terminals {...props} />;
}

export interface OptionsProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly mac: boolean;
  readonly version: string;
}

/** The settings, in a tab of their own. */
export function Options({ store, actions, mac, version }: OptionsProps) {
  const state = useStore(store);
  return (
    <div class="options">
      <header>
        <Brand />
        <h1>jcfetch</h1>
      </header>
      <ApprovalCard state={state} actions={actions} />
      <Looks state={state} actions={actions} />
      <Portals state={state} actions={actions} />
      <section class="terminals-section">
        <h2>Terminals</h2>
        <TerminalsPart state={state} actions={actions} />
      </section>
      <section>
        <h2>Keys in the popup</h2>
        <KeyTable mac={mac} />
      </section>
      <About version={version} />
      <NoticeBar notice={state.notice} actions={actions} />
    </div>
  );
}
