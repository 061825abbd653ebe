import { MINUTE_MS } from "@jcfetch/shared/time";
import { useState } from "preact/hooks";
import type { DeviceView } from "../../messaging/view.ts";
import { t, type WordKey } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { ago, inOnePiece, shortDuration } from "../duration.ts";
import { rich } from "../rich.ts";
import type { UiState } from "../state.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly state: UiState;
  readonly actions: Actions;
}

/** A look older than this is no ground for saying that something has not happened; looks come every five seconds. */
const FRESH_MS = 15_000;
/** Right after a pairing comes the first use, which the last look may have missed by seconds. */
const NEW_MS = 2 * MINUTE_MS;

/** Undefined when nothing is known: a terminal may have been used since the last look. */
function usedText(device: DeviceView, { nowMs, view }: UiState): string | undefined {
  if (device.lastUsedAtMs !== null) return t("device.used", [ago(nowMs - device.lastUsedAtMs)]);
  const known = view?.broker.status === "ok" && nowMs - view.nowMs <= FRESH_MS;
  const settled = nowMs - device.pairedAtMs > NEW_MS;
  return known && settled ? t("device.notUsed") : undefined;
}

const STOPPED = {
  expired: "device.expired",
  "signed-off": "device.signedOff",
  locked: "device.locked",
  forked: "device.forked",
  removing: "device.removing",
} as const satisfies Record<Exclude<DeviceView["status"], "ready" | "waiting">, WordKey>;

/** How it gets what it asks for, where that is worth a word. */
function modeText({ modes, asks }: DeviceView): string | undefined {
  const relayed = modes.includes("relay");
  const how = relayed ? t(modes.length === 1 ? "device.browserOnly" : "device.someBrowserOnly") : "";
  const asking = asks.length > 0 ? t("device.asksYou") : "";
  return [how, asking].filter(Boolean).join(" · ") || undefined;
}

function statusText(device: DeviceView, state: UiState): string {
  const { nowMs } = state;
  if (device.status === "expired" || device.expiresAtMs <= nowMs) return t("device.expired");
  if (device.status !== "ready" && device.status !== "waiting") return t(STOPPED[device.status]);
  if (device.status === "waiting") return t("device.waiting");
  const left = inOnePiece(t("time.left", [shortDuration(device.expiresAtMs - nowMs)]));
  return [usedText(device, state), left].filter(Boolean).join(" · ");
}

function Confirm({ device, state, actions }: Props & { device: DeviceView }) {
  return (
    <div class="confirm" role="alertdialog" aria-label={t("device.removeAsk", [device.name])}>
      <p>{rich("device.removeText", <b>{device.name}</b>)}</p>
      <button
        type="button"
        class="danger"
        aria-busy={state.busy.has(`revoke:${device.did}`)}
        onClick={() => void actions.revoke(device.did, device.name)}
      >
        {t("common.remove")}
      </button>
      <button
        type="button"
        ref={(button) => button?.focus()}
        onClick={() => actions.dispatch({ type: "confirm", key: null })}
      >
        {t("common.keep")}
      </button>
    </div>
  );
}

/** One terminal in the list, with what can be done about it. */
export function Device({ device, state, actions }: Props & { device: DeviceView }) {
  const [open, setOpen] = useState(false);
  const roles = t("common.roles", device.roles.length);
  const where = [device.osUser, t(device.ssh ? "common.overSsh" : "common.local"), device.os]
    .filter(Boolean)
    .join(" · ");
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
                <span class="account-id">{account === "*" ? t("common.everyAccount") : account}</span> {role}
                {device.asks.includes(role) && <span class="dim"> · {t("device.roleAsks")}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
      {device.status === "locked" && !state.view?.locked && (
        <button
          type="button"
          aria-label={t("device.unlockOne", [device.name])}
          aria-busy={state.busy.has(`unlock:${device.did}`)}
          onClick={() => void actions.unlock(device.did, device.name)}
        >
          {t("common.unlock")}
        </button>
      )}
      {state.confirming !== device.did && device.status !== "removing" && (
        <button
          type="button"
          aria-label={t("device.removeOne", [device.name])}
          onClick={() => actions.dispatch({ type: "confirm", key: device.did })}
        >
          {t("common.remove")}
        </button>
      )}
      {state.confirming === device.did && <Confirm device={device} state={state} actions={actions} />}
    </li>
  );
}
