import { useEffect } from "preact/hooks";
import type { BrokerView } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { bare } from "../bare.ts";
import { Alarm } from "../parts/alarm.tsx";
import { Device } from "../parts/device-line.tsx";
import { Icon } from "../parts/icon.tsx";
import { LeftBehind } from "../parts/left-behind.tsx";
import { ScreenHeader } from "../parts/screen-header.tsx";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";
import { EnrolForm } from "./enrol.tsx";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

/** How often the list is asked for while somebody looks at it: often enough to see a terminal's first use. */
const LOOK_EVERY_MS = 5_000;

function BrokerLine({ broker, state, actions }: Props & { broker: BrokerView }) {
  if (state.confirming === "broker") {
    return (
      <div class="broker confirm" role="alertdialog" aria-label={t("terminals.forgetBroker")}>
        <p>
          {t("terminals.forgetBrokerText")}
          <LeftBehind state={state} />
        </p>
        <button type="button" class="danger" onClick={() => void actions.unenrol()}>
          {t("common.forget")}
        </button>
        <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: null })}>
          {t("common.keep")}
        </button>
      </div>
    );
  }
  return (
    <div class={`broker ${broker.status}`}>
      <span class="dot" aria-hidden="true" />
      <span>
        {rich("terminals.broker", <span class="account-id">{bare(broker.url ?? "")}</span>)}
        {broker.bid && <small class="dim broker-id">{t("terminals.brokerId", [broker.bid])}</small>}
      </span>
      <button type="button" class="link" onClick={() => actions.dispatch({ type: "confirm", key: "broker" })}>
        {t("common.forget")}
      </button>
    </div>
  );
}

function Unreachable({ actions }: { actions: Actions }) {
  return (
    <section class="banner broker-unreachable" role="status">
      <Icon name="alert" />
      <div>
        <b>{t("terminals.silent")}</b>
        <p>{t("terminals.silentText")}</p>
      </div>
      <button type="button" class="primary" onClick={() => void actions.refreshState()}>
        {t("common.tryAgain")}
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
      <h1>{t("terminals.letIn")}</h1>
      <p>{rich("terminals.letInText", <code>jcfetch setup</code>)}</p>
      <EnrolForm state={state} actions={actions} />
    </section>
  );
}

function Locked({ state, actions }: Props) {
  return (
    <section class="banner locked" role="status">
      <Icon name="alert" />
      <div>
        <b>{t("terminals.allLocked")}</b>
        <p>{t("terminals.allLockedText")}</p>
      </div>
      <button
        type="button"
        aria-busy={state.busy.has("lock-all")}
        onClick={() => void actions.lockAll(false)}
      >
        {t("common.unlock")}
      </button>
    </section>
  );
}

function Tools({ state, actions, locked }: Props & { locked: boolean }) {
  if (state.confirming === "lock-all") {
    return (
      <div class="tools confirm" role="alertdialog" aria-label={t("terminals.lockAllAsk")}>
        <p>{t("terminals.lockAllText")}</p>
        <button
          type="button"
          class="danger"
          aria-busy={state.busy.has("lock-all")}
          onClick={() => void actions.lockAll(true)}
        >
          {t("terminals.lockAllDo")}
        </button>
        <button
          type="button"
          ref={(button) => button?.focus()}
          onClick={() => actions.dispatch({ type: "confirm", key: null })}
        >
          {t("terminals.keepOpen")}
        </button>
      </div>
    );
  }
  return (
    <div class="tools">
      <button type="button" class="link" onClick={() => void actions.showActivity()}>
        {t("terminals.activity")}
      </button>
      {!locked && (
        <button
          type="button"
          class="link"
          onClick={() => actions.dispatch({ type: "confirm", key: "lock-all" })}
        >
          {t("terminals.lockAll")}
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
        <p class="empty">{t("terminals.none")}</p>
      ) : (
        <ul class="devices" aria-label={t("terminals.list")}>
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
        <Icon name="plus" /> {t("terminals.pair")}
      </button>
      <details class="use-code">
        <summary>{t("terminals.pasteCode")}</summary>
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
      <ScreenHeader title={t("terminals.title")} actions={props.actions} />
      <div class="scroll">
        <Terminals {...props} />
      </div>
    </main>
  );
}
