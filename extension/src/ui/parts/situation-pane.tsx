import { useEffect, useState } from "preact/hooks";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { AddPortal } from "../screens.ts";
import type { Situation } from "../situation.ts";
import { currentPortal, type UiState } from "../state.ts";
import { AskedHosts } from "./hosts.tsx";
import { Brand, Icon, type IconName } from "./icon.tsx";

interface SituationProps {
  readonly situation: Situation;
  readonly state: UiState;
  readonly actions: Actions;
}

const SIGN: Partial<Record<Situation["id"], IconName>> = {
  "signed-out": "plug",
  expired: "plug",
  permission: "lock",
  throttled: "alert",
  offline: "alert",
  broken: "alert",
  "page-changed": "alert",
};

function StepButton({ situation: { step }, actions }: SituationProps) {
  if (!step || step.does === "add-portal" || step.does === "choose-region") return null;
  const { does, label } = step;
  return (
    <button type="button" class="primary" onClick={() => actions.take(does)}>
      {label}
    </button>
  );
}

function ChooseRegion({ label, state, actions }: { label: string; state: UiState; actions: Actions }) {
  const [regions, setRegions] = useState<readonly string[]>([]);
  const [region, setRegion] = useState("");
  useEffect(() => void actions.regions().then(setRegions), [actions]);
  const portal = currentPortal(state);
  return (
    <form
      class="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (portal) void actions.addPortal(portal.startUrl, region);
      }}
    >
      <select
        aria-label={t("situation.region")}
        value={region}
        onChange={(event) => setRegion(event.currentTarget.value)}
      >
        <option value="">{t("situation.regionEllipsis")}</option>
        {regions.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <button type="submit" class="primary" disabled={region === ""}>
        {label}
      </button>
    </form>
  );
}

function Skeleton() {
  const widths = [46, 62, 38, 54, 70, 44, 58, 36, 64];
  return (
    <div class="skeleton" role="status" aria-label={t("situation.loading")}>
      {widths.map((width) => (
        <span key={width} style={{ inlineSize: `${width}%` }} />
      ))}
    </div>
  );
}

const Words = ({ situation: { missing, text } }: Pick<SituationProps, "situation">) =>
  missing ? <AskedHosts missing={missing} /> : <p>{text}</p>;

/** Stands where the list would be. */
export function SituationPane(props: SituationProps) {
  const { situation, state, actions } = props;
  if (situation.id === "loading") return <Skeleton />;
  const sign = SIGN[situation.id];
  return (
    <section class={`pane ${situation.id}`}>
      <div class="pane-sign">{sign ? <Icon name={sign} /> : <Brand />}</div>
      <h1>{situation.title}</h1>
      <Words situation={situation} />
      {situation.step?.does === "add-portal" && <AddPortal label={situation.step.label} actions={actions} />}
      {situation.step?.does === "choose-region" && (
        <ChooseRegion label={situation.step.label} state={state} actions={actions} />
      )}
      <StepButton {...props} />
    </section>
  );
}

/** Stands above a list that can be used meanwhile. */
export function SituationBanner(props: SituationProps) {
  const { situation } = props;
  return (
    <section class={`banner ${situation.id}`} role="status">
      <Icon name={SIGN[situation.id] ?? "alert"} />
      <div>
        <b>{situation.title}</b>
        <Words situation={situation} />
        {situation.also && (
          <button type="button" class="quiet" onClick={() => props.actions.take(situation.also!.does)}>
            {situation.also.label}
          </button>
        )}
      </div>
      <StepButton {...props} />
    </section>
  );
}
