import { useEffect } from "preact/hooks";
import type { BrokerView } from "../../messaging/view.ts";
import type { Actions } from "../actions.ts";
import { Alarm } from "../parts/alarm.tsx";
import { Device } from "../parts/device-line.tsx";
import { Icon } from "../parts/icon.tsx";
import { LeftBehind } from "../parts/left-behind.tsx";
import type { UiState } from "../state.ts";
import { EnrolForm } from "./enrol.tsx";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

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
        aria-label="Back"
        onClick={onBack ?? (() => void actions.show("roles"))}
      >
        <Icon name="back" />
      </button>
      <h1>{title}</h1>
    </div>
  );
}

/** How often the list is asked for while somebody looks at it: often enough to see a terminal's first use. */
const LOOK_EVERY_MS = 5_000;

function BrokerLine({ broker, state, actions }: Props & { broker: BrokerView }) {
  if (state.confirming === "broker") {
    return (
      <div class="broker confirm" role="alertdialog" aria-label="Forget this broker?">
        <p>
          Forget this broker? All its terminals are removed first.
          <LeftBehind state={state} />
        </p>
        <button type="button" class="danger" onClick={() => void actions.unenrol()}>
          Forget
        </button>
        <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: null })}>
          Keep
        </button>
      </div>
    );
  }
  return (
    <div class={`broker ${broker.status}`}>
      <span class="dot" aria-hidden="true" />
      <span>
        Broker <span class="account-id">{broker.url?.replace(/^https?:\/\//, "")}</span>
      </span>
      <button type="button" class="link" onClick={() => actions.dispatch({ type: "confirm", key: "broker" })}>
        Forget
      </button>
    </div>
  );
}

function Unreachable({ actions }: { actions: Actions }) {
  return (
    <section class="banner broker-unreachable" role="status">
      <Icon name="alert" />
      <div>
        <b>The broker does not answer</b>
        <p>Terminals wait until it is back. Copying and the console work without it.</p>
      </div>
      <button type="button" class="primary" onClick={() => void actions.refreshState()}>
        Try again
      </button>
    </section>
  );
}

function NoBroker({ state, actions }: Props) {
  return (
    <section class="pane no-broker">
      <div class="pane-sign">
        <Icon name="terminal" />
      </div>
      <h1>Let your terminals in</h1>
      <p>
        A broker hands terminals short-lived credentials of the roles you choose. Run{" "}
        <code>jcfetch setup</code> in a terminal of this computer and paste its code, or paste the one-use
        code of a broker elsewhere.
      </p>
      <EnrolForm state={state} actions={actions} />
    </section>
  );
}

function Locked({ state, actions }: Props) {
  return (
    <section class="banner locked" role="status">
      <Icon name="alert" />
      <div>
        <b>All terminals are locked</b>
        <p>None gets anything, with the browser open or closed. What they hold already runs out by itself.</p>
      </div>
      <button
        type="button"
        aria-busy={state.busy.has("lock-all")}
        onClick={() => void actions.lockAll(false)}
      >
        Unlock
      </button>
    </section>
  );
}

function Tools({ state, actions, locked }: Props & { locked: boolean }) {
  if (state.confirming === "lock-all") {
    return (
      <div class="tools confirm" role="alertdialog" aria-label="Lock all terminals?">
        <p>Lock all terminals? None gets anything until you unlock them here.</p>
        <button
          type="button"
          class="danger"
          aria-busy={state.busy.has("lock-all")}
          onClick={() => void actions.lockAll(true)}
        >
          Lock all
        </button>
        <button
          type="button"
          ref={(button) => button?.focus()}
          onClick={() => actions.dispatch({ type: "confirm", key: null })}
        >
          Keep open
        </button>
      </div>
    );
  }
  return (
    <div class="tools">
      <button type="button" class="link" onClick={() => void actions.showActivity()}>
        Activity
      </button>
      {!locked && (
        <button
          type="button"
          class="link"
          onClick={() => actions.dispatch({ type: "confirm", key: "lock-all" })}
        >
          Lock all terminals
        </button>
      )}
    </div>
  );
}

/** Broker and terminals, without the frame around: the options page shows the same. */
export function Terminals(props: Props) {
  const { state, actions } = props;
  const { view } = state;
  useEffect(() => {
    void actions.refreshState();
    const timer = setInterval(() => void actions.refreshState(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [actions]);
  if (!view) return null;
  if (view.broker.status === "none") return <NoBroker {...props} />;
  const reachable = view.broker.status === "ok";
  return (
    <div class="terminals">
      <Alarm {...props} />
      {view.locked && <Locked {...props} />}
      {!reachable && <Unreachable actions={actions} />}
      {view.devices.length === 0 ? (
        <p class="empty">
          No terminal is paired yet. Pairing takes a minute. The terminal keeps its own key, never your
          session or a credential.
        </p>
      ) : (
        <ul class="devices" aria-label="Paired terminals">
          {view.devices.map((device) => (
            <Device key={device.did} device={device} {...props} />
          ))}
        </ul>
      )}
      <button
        type="button"
        class={reachable ? "primary wide" : "wide"}
        disabled={!reachable}
        onClick={() => void actions.pairStart()}
      >
        <Icon name="plus" /> Pair a terminal
      </button>
      <details class="use-code">
        <summary>Paste a code</summary>
        <EnrolForm state={state} actions={actions} aside />
      </details>
      {view.devices.length > 0 && <Tools {...props} locked={view.locked} />}
      <BrokerLine broker={view.broker} {...props} />
    </div>
  );
}

export function TerminalsScreen(props: Props) {
  return (
    <main class="terminals-screen">
      <ScreenHeader title="Terminals" actions={props.actions} />
      <div class="scroll">
        <Terminals {...props} />
      </div>
    </main>
  );
}
