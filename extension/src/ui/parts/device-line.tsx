import { useState } from "preact/hooks";
import type { DeviceView } from "../../messaging/view.ts";
import type { Actions } from "../actions.ts";
import { ago, shortDuration } from "../duration.ts";
import type { UiState } from "../state.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

/** A look older than this is no ground for saying that something has not happened; looks come every five seconds. */
const FRESH_MS = 15_000;

/** Undefined when nothing is known: a terminal may have been used since the last look. */
function usedText(device: DeviceView, { nowMs, view }: UiState): string | undefined {
  if (device.lastUsedAtMs !== null) return `used ${ago(nowMs - device.lastUsedAtMs)}`;
  const known = view?.broker.status === "ok" && nowMs - view.nowMs <= FRESH_MS;
  return known ? "not used yet" : undefined;
}

const STOPPED: Readonly<Record<Exclude<DeviceView["status"], "ready" | "waiting">, string>> = {
  expired: "expired",
  "signed-off": "signed off there",
  locked: "locked",
  forked: "locked: its keys are in use in two places. Remove it, and pair it again",
  removing: "is removed as soon as the broker answers",
};

/** How it gets what it asks for, where that is worth a word. */
function modeText({ modes, asks }: DeviceView): string | undefined {
  const relayed = modes.includes("relay");
  const how = relayed
    ? modes.length === 1
      ? "only with this browser"
      : "some roles only with this browser"
    : "";
  const asking = asks.length > 0 ? "asks you" : "";
  return [how, asking].filter(Boolean).join(" · ") || undefined;
}

function statusText(device: DeviceView, state: UiState): string {
  const { nowMs } = state;
  if (device.status === "expired" || device.expiresAtMs <= nowMs) return "expired";
  if (device.status !== "ready" && device.status !== "waiting") return STOPPED[device.status];
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

/** One terminal in the list, with what can be done about it. */
export function Device({ device, state, actions }: Props & { device: DeviceView }) {
  const [open, setOpen] = useState(false);
  const roles = `${device.roles.length} role${device.roles.length === 1 ? "" : "s"}`;
  const where = [device.osUser, device.ssh ? "over SSH" : "local", device.os].filter(Boolean).join(" · ");
  return (
    <li class={`device ${device.status}`}>
      <Icon name={device.ssh ? "remote" : "terminal"} />
      <div class="device-text">
        <b>{device.name}</b>
        <span class="dim">{where}</span>
        {modeText(device) && <span class="dim">{modeText(device)}</span>}
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
                <span class="account-id">{account === "*" ? "every account" : account}</span> {role}
                {device.asks.includes(role) && <span class="dim"> · asks</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
      {device.status === "locked" && !state.view?.locked && (
        <button
          type="button"
          aria-label={`Unlock ${device.name}`}
          aria-busy={state.busy.has(`unlock:${device.did}`)}
          onClick={() => void actions.unlock(device.did, device.name)}
        >
          Unlock
        </button>
      )}
      {state.confirming !== device.did && device.status !== "removing" && (
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
