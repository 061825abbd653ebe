import { useEffect, useState } from "preact/hooks";
import type { BrokerView, DeviceView } from "../../messaging/view.ts";
import type { Actions } from "../actions.ts";
import { ago, shortDuration } from "../duration.ts";
import { Icon } from "../parts/icon.tsx";
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
/** A look older than this is no ground for saying that something has not happened. */
const FRESH_MS = 3 * LOOK_EVERY_MS;

/** Undefined when nothing is known: a terminal may have been used since the last look. */
function usedText(device: DeviceView, { nowMs, view }: UiState): string | undefined {
  if (device.lastUsedAtMs !== null) return `used ${ago(nowMs - device.lastUsedAtMs)}`;
  const known = view?.broker.status === "ok" && nowMs - view.nowMs <= FRESH_MS;
  return known ? "not used yet" : undefined;
}

function statusText(device: DeviceView, state: UiState): string {
  const { nowMs } = state;
  if (device.status === "expired" || device.expiresAtMs <= nowMs) return "expired";
  if (device.status === "signed-off") return "signed off there";
  if (device.status === "waiting") return "waits for your next sign-in";
  const left = `${shortDuration(device.expiresAtMs - nowMs)} left`;
  return [usedText(device, state), left].filter(Boolean).join(" · ");
}

function Confirm({ device, state, actions }: Props & { device: DeviceView }) {
  return (
    <div class="confirm" role="alertdialog" aria-label={`Remove ${device.name}?`}>
      <p>
        Remove <b>{device.name}</b>? It gets no more credentials, at once. What it already holds runs out by
        itself.
      </p>
      <button
        type="button"
        class="danger"
        aria-busy={state.busy.has(`revoke:${device.did}`)}
        onClick={() => void actions.revoke(device.did, device.name)}
      >
        Remove
      </button>
      <button
        type="button"
        ref={(button) => button?.focus()}
        onClick={() => actions.dispatch({ type: "confirm", key: null })}
      >
        Keep
      </button>
    </div>
  );
}

function Device({ device, state, actions }: Props & { device: DeviceView }) {
  const [open, setOpen] = useState(false);
  const roles = `${device.roles.length} role${device.roles.length === 1 ? "" : "s"}`;
  const where = [device.osUser, device.ssh ? "over SSH" : "local", device.os].filter(Boolean).join(" · ");
  return (
    <li class={`device ${device.status}`}>
      <Icon name={device.ssh ? "remote" : "terminal"} />
      <div class="device-text">
        <b>{device.name}</b>
        <span class="dim">{where}</span>
        <span class="dim">
          <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {roles}
          </button>{" "}
          · {statusText(device, state)}
        </span>
        {open && (
          <ul class="device-roles">
            {device.roles.map(({ account, role }) => (
              <li key={`${account}/${role}`}>
                <span class="account-id">{account}</span> {role}
              </li>
            ))}
          </ul>
        )}
      </div>
      {state.confirming !== device.did && (
        <button
          type="button"
          aria-label={`Remove ${device.name}`}
          onClick={() => actions.dispatch({ type: "confirm", key: device.did })}
        >
          Remove
        </button>
      )}
      {state.confirming === device.did && <Confirm device={device} state={state} actions={actions} />}
    </li>
  );
}

function BrokerLine({ broker, state, actions }: Props & { broker: BrokerView }) {
  if (state.confirming === "broker") {
    return (
      <div class="broker confirm" role="alertdialog" aria-label="Forget this broker?">
        <p>Forget this broker? All its terminals are removed first.</p>
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
