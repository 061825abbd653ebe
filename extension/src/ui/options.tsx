import { t } from "../words.ts";
import type { Actions } from "./actions.ts";
import { About } from "./options/about.tsx";
import { OrganizationPart, ReachPart } from "./options/access.tsx";
import { Accounts } from "./options/accounts.tsx";
import { ClipboardSection } from "./options/clipboard.tsx";
import { General } from "./options/general.tsx";
import { LockSection } from "./options/lock.tsx";
import { Portals } from "./options/portals.tsx";
import { Section, type SectionProps } from "./options/section.tsx";
import { SwitcherSection } from "./options/switcher.tsx";
import { Transfer } from "./options/transfer.tsx";
import { ApprovalCard } from "./parts/approval-card.tsx";
import { Brand } from "./parts/icon.tsx";
import { LockedPane } from "./parts/locked-pane.tsx";
import { NoticeBar } from "./parts/notice.tsx";
import { ActivityScreen } from "./screens/activity.tsx";
import { PairingScreen } from "./screens/pairing.tsx";
import { Terminals } from "./screens/terminals.tsx";
import { type Store, useStore } from "./store.ts";

/** In the order of the page. */
const SECTIONS = [
  ["general", "options.general"],
  ["clipboard", "options.clipboard"],
  ["lock", "options.lock"],
  ["switcher", "switcher.title"],
  ["accounts", "options.accounts"],
  ["portals", "options.portals"],
  ["reach", "access.title"],
  ["terminals", "terminals.title"],
  ["transfer", "options.transfer"],
  ["about", "options.about"],
] as const;

function TerminalsPart(props: SectionProps) {
  if (props.state.screen === "pairing") return <PairingScreen {...props} inner />;
  return props.state.screen === "activity" ? <ActivityScreen {...props} inner /> : <Terminals {...props} />;
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
  const props = { state, actions };
  const locked = state.view?.guard.locked;
  return (
    <main class="options">
      <header>
        <Brand />
        <h1>jcfetch</h1>
      </header>
      {locked && <LockedPane cause={locked} {...props} />}
      {!locked && (
        <>
          <nav aria-label={t("options.sections")}>
            {SECTIONS.map(([id, title]) => (
              <a key={id} href={`#${id}`}>
                {t(title)}
              </a>
            ))}
          </nav>
          <ApprovalCard {...props} />
          <General {...props} />
          <ClipboardSection {...props} />
          <LockSection {...props} />
          <SwitcherSection {...props} />
          <Accounts {...props} />
          <Portals {...props} />
          <ReachPart {...props} />
          <OrganizationPart state={state} />
          <Section id="terminals" title={t("terminals.title")}>
            <TerminalsPart {...props} />
          </Section>
          <Transfer {...props} />
          <About version={version} mac={mac} />
        </>
      )}
      <NoticeBar notice={state.notice} actions={actions} />
    </main>
  );
}
