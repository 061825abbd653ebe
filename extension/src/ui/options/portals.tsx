import { MARK_COLORS, MARK_SHAPES } from "../../messaging/portal-mark.ts";
import type { PortalView } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import { AddPortal } from "../parts/add-portal.tsx";
import { PortalSign } from "../parts/portal-sign.tsx";
import { Section, type SectionProps } from "./section.tsx";

interface MarkPart<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly choose: (value: T) => void;
}

function MarkSelect<T extends (typeof MARK_COLORS)[number] | (typeof MARK_SHAPES)[number]>(
  part: MarkPart<T>,
) {
  const { label, value, values, choose } = part;
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = values.find((one) => one === event.currentTarget.value);
        if (chosen) choose(chosen);
      }}
    >
      {values.map((one) => (
        <option key={one} value={one}>
          {t(`mark.${one}`)}
        </option>
      ))}
    </select>
  );
}

/** [SC5] By color and shape the user tells this portal from others. */
function MarkChoice({ portal, actions }: SectionProps & { portal: PortalView }) {
  const { origin, alias, mark } = portal;
  return (
    <span class="mark-choice">
      <MarkSelect
        label={t("options.markColor", [alias])}
        value={mark.color}
        values={MARK_COLORS}
        choose={(color) => void actions.markPortal(origin, { ...mark, color })}
      />
      <MarkSelect
        label={t("options.markShape", [alias])}
        value={mark.shape}
        values={MARK_SHAPES}
        choose={(shape) => void actions.markPortal(origin, { ...mark, shape })}
      />
    </span>
  );
}

function PortalLine({ portal, state, actions }: SectionProps & { portal: PortalView }) {
  const key = `portal:${portal.origin}`;
  return (
    <li class="line">
      <span>
        <span class="of-portal">
          <PortalSign portal={portal} /> <b>{portal.alias}</b>
          <span class="dim">{portal.region ?? t("options.noRegion")}</span>
        </span>
        <small class="account-id">{portal.startUrl}</small>
      </span>
      <MarkChoice portal={portal} state={state} actions={actions} />
      {state.confirming === key ? (
        <span class="buttons">
          <button type="button" class="danger" onClick={() => void actions.removePortal(portal.origin)}>
            {t("options.forgetOne", [portal.alias])}
          </button>
          <button type="button" onClick={() => actions.dispatch({ type: "confirm", key: null })}>
            {t("common.keep")}
          </button>
        </span>
      ) : (
        <button
          type="button"
          aria-label={t("options.forgetOne", [portal.alias])}
          onClick={() => actions.dispatch({ type: "confirm", key })}
        >
          {t("common.forget")}
        </button>
      )}
    </li>
  );
}

export function Portals(props: SectionProps) {
  const portals = props.state.view?.portals ?? [];
  return (
    <Section id="portals" title={t("options.portals")}>
      <ul class="lines">
        {portals.map((portal) => (
          <PortalLine key={portal.origin} portal={portal} {...props} />
        ))}
      </ul>
      <AddPortal label={t("common.add")} actions={props.actions} stay />
    </Section>
  );
}
