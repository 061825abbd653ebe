import { allRegions, isRegion, partitionOf, type Region } from "@jcfetch/shared/domain/portal";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { indexEntries, search } from "../../roles/search.ts";
import { SERVICES, type Service, servicePage } from "../../roles/services.ts";
import { t } from "../../words.ts";
import type { Actions } from "../actions.ts";
import { HoldButton } from "../parts/hold-button.tsx";
import { Icon } from "../parts/icon.tsx";
import { ProdAskBar } from "../parts/prod-ask.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import type { RoleRow } from "../rows.ts";
import { currentPortal, type UiState } from "../state.ts";

interface PaletteProps {
  readonly row: RoleRow;
  readonly state: UiState;
  readonly actions: Actions;
}

const LIST_ID = "services";

/** A pasted page of the console is a destination, too. */
const isAddress = (query: string): boolean => /^https:\/\//i.test(query.trim());

const INDEX = indexEntries(
  SERVICES.map((service) => ({
    service,
    account: service.name,
    accountName: service.name,
    email: service.also,
    role: "",
  })),
);

const found = (query: string): Service[] =>
  isAddress(query) ? [] : search(INDEX, query).map(({ service }) => service);

/** Regions of the portal's partition: last used first, then the portal's own, then the rest. */
function regionsOf(state: UiState): readonly Region[] {
  const own = currentPortal(state)?.region ?? "";
  const partition = isRegion(own) ? partitionOf(own) : "aws";
  const first = [...(state.view?.switcher.regions ?? []), own].filter(isRegion);
  return [...new Set([...first, ...allRegions])].filter((region) => partitionOf(region) === partition);
}

function RegionChoice({
  regions,
  region,
  onChoose,
}: {
  regions: readonly Region[];
  region: Region;
  onChoose: (region: Region) => void;
}) {
  return (
    <select
      class="region"
      aria-label={t("services.region")}
      value={region}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        if (isRegion(chosen)) onChoose(chosen);
      }}
    >
      {regions.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function ServiceList({
  services,
  at,
  onPoint,
  onChoose,
}: {
  services: readonly Service[];
  at: number;
  onPoint: (at: number) => void;
  onChoose: (service: Service) => void;
}) {
  return (
    <VirtualList
      frame={(options, style) => (
        <div id={LIST_ID} role="listbox" aria-label={t("services.list")} tabIndex={-1} style={style}>
          {options}
        </div>
      )}
      items={services}
      keyOf={({ name }) => name}
      cursor={at}
      draw={(service, index) => (
        <div
          id={`service-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          class={`row service${index === at ? " active" : ""}`}
          onMouseMove={() => index === at || onPoint(index)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={(event) => event.detail > 1 || onChoose(service)}
          onKeyDown={(event) => event.key === "Enter" && onChoose(service)}
        >
          <span class="account-name">{service.name}</span>
        </div>
      )}
    />
  );
}

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  PageDown: (at, last) => Math.min(last, at + 10),
  PageUp: (at) => Math.max(0, at - 10),
};

/** [SW10] A service and a region for one role; or a page of the console that was pasted. */
export function ServicePalette({ row, state, actions }: PaletteProps) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const regions = useMemo(() => regionsOf(state), [state.view, state.portal]);
  const [region, setRegion] = useState(regions[0]!);
  const services = useMemo(() => found(query), [query]);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const service = services[at];
  const destination = isAddress(query) ? query.trim() : service && servicePage(service, region);
  const leave = (): void => actions.dispatch({ type: "service", row: null });
  const open = (page = destination, confirmed = false): void => {
    if (page !== undefined) void actions.open(row, page, confirmed);
  };
  const link = (): void => {
    if (destination !== undefined) void actions.copyLink(row, destination);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step) setAt(step(at, services.length - 1));
    else if (event.key === "Enter" && !event.repeat) open();
    else if (event.key === "Escape") leave();
    else if (event.key.toLowerCase() === "l" && (event.ctrlKey || event.metaKey)) link();
    else return;
    event.preventDefault();
  };
  return (
    <main class="roles services">
      <div class="search">
        <Icon name="grid" />
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={t("services.search")}
          aria-expanded="true"
          aria-controls={LIST_ID}
          aria-autocomplete="list"
          aria-activedescendant={service ? `service-${at}` : undefined}
          placeholder={t("services.hint")}
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <RegionChoice regions={regions} region={region} onChoose={setRegion} />
      </div>
      <h1 class="services-for">{t("services.for", [row.role, row.title])}</h1>
      <ServiceList
        services={services}
        at={at}
        onPoint={setAt}
        onChoose={(chosen) => open(servicePage(chosen, region))}
      />
      {state.asking ? (
        <ProdAskBar ask={state.asking} onYes={() => open(destination, true)} actions={actions} />
      ) : (
        <div class="actions">
          <HoldButton class="quiet" onPress={() => open()} onHeld={() => open(destination, true)}>
            {t("list.openConsole")} <kbd>↵</kbd>
          </HoldButton>
          <button type="button" class="quiet" onClick={link}>
            {t("list.copyLink")}
          </button>
          <button type="button" class="quiet" onClick={leave}>
            {t("common.back")} <kbd>Esc</kbd>
          </button>
        </div>
      )}
    </main>
  );
}
