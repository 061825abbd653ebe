import type { PortalView } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import { AddPortal } from "../parts/add-portal.tsx";
import { Section, type SectionProps } from "./section.tsx";

function PortalLine({ portal, state, actions }: SectionProps & { portal: PortalView }) {
  const key = `portal:${portal.origin}`;
  return (
    <li class="line">
      <span>
        <b>{portal.alias}</b> <span class="dim">{portal.region ?? t("options.noRegion")}</span>
        <small class="account-id">{portal.startUrl}</small>
      </span>
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
