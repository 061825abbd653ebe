import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../words.ts";
import type { Actions } from "./actions.ts";
import type { PageProps } from "./mount.tsx";
import { AddPortal } from "./parts/add-portal.tsx";
import { AskedHosts } from "./parts/hosts.tsx";
import { Brand, Icon } from "./parts/icon.tsx";
import { NoticeBar } from "./parts/notice.tsx";
import { currentPortal, type UiState } from "./state.ts";
import { useStore } from "./store.ts";

/** In their order. Each can be left out, and is done when the browser says so, not when a button was pressed. */
const STEPS = ["portal", "signIn", "terminal"] as const;
type StepName = (typeof STEPS)[number];

/** [PM6] What is done already, whoever did it: so the page goes on wherever it was left. */
export function doneSteps(state: UiState): ReadonlySet<StepName> {
  const portal = currentPortal(state);
  const granted = portal !== undefined && portal.missing.length === 0;
  const paired = (state.view?.devices.length ?? 0) > 0;
  return new Set([
    ...(granted ? (["portal"] as const) : []),
    ...(portal?.status === "live" ? (["signIn"] as const) : []),
    ...(paired ? (["terminal"] as const) : []),
  ]);
}

interface StepProps {
  readonly state: UiState;
  readonly actions: Actions;
}

function PortalStep({ state, actions }: StepProps) {
  const portal = currentPortal(state);
  if (portal && portal.missing.length > 0) {
    return (
      <>
        <AskedHosts missing={portal.missing} />
        <button type="button" class="primary" onClick={() => void actions.grant()}>
          {t("access.allow")}
        </button>
      </>
    );
  }
  return (
    <>
      <p>{t("welcome.portalText")}</p>
      <AddPortal label={t("situation.continue")} actions={actions} stay />
    </>
  );
}

function SignInStep({ actions }: StepProps) {
  return (
    <>
      <p>{t("welcome.signInText")}</p>
      <button type="button" class="primary" onClick={() => void actions.signIn()}>
        {t("common.signIn")}
      </button>
    </>
  );
}

function TerminalStep({ actions }: StepProps) {
  return (
    <>
      <p>{t("welcome.terminalText")}</p>
      <pre class="command">jcfetch setup</pre>
      <button type="button" class="primary" onClick={actions.openOptions}>
        {t("welcome.openTerminals")}
      </button>
    </>
  );
}

const BODY = { portal: PortalStep, signIn: SignInStep, terminal: TerminalStep };

function doneText(step: StepName, state: UiState): string {
  if (step === "portal") return t("welcome.portalDone", [currentPortal(state)?.alias ?? ""]);
  if (step === "signIn") return t("welcome.signInDone");
  return t("welcome.terminalDone", state.view?.devices.length ?? 0);
}

interface StepLineProps {
  readonly at: number;
  readonly name: StepName;
  readonly as: "done" | "now" | "later" | "skipped";
  readonly children: ComponentChildren;
}

function StepLine({ at, name, as, children }: StepLineProps) {
  return (
    <li class={`step ${as}`} aria-current={as === "now" ? "step" : undefined}>
      <span class="step-sign" aria-hidden="true">
        {as === "done" ? <Icon name="check" /> : at + 1}
      </span>
      <div>
        <h2>{t(`welcome.${name}`)}</h2>
        {children}
      </div>
    </li>
  );
}

/** The three steps, in a tab of their own after the installation. */
export function Welcome({ store, actions }: PageProps) {
  const state = useStore(store);
  const [skipped, setSkipped] = useState<ReadonlySet<StepName>>(new Set());
  if (!state.view) return null;
  const done = doneSteps(state);
  const now = STEPS.find((step) => !done.has(step) && !skipped.has(step));
  const skip = (step: StepName, on: boolean): void =>
    setSkipped(new Set([...STEPS].filter((each) => (each === step ? on : skipped.has(each)))));
  return (
    <main class="options welcome">
      <header>
        <Brand />
        <h1>{t("welcome.title")}</h1>
      </header>
      <p>{t("welcome.about")}</p>
      <ol class="steps">
        {STEPS.map((name, at) => {
          const Body = BODY[name];
          const left = skipped.has(name) ? "skipped" : "later";
          const as = done.has(name) ? "done" : name === now ? "now" : left;
          return (
            <StepLine key={name} at={at} name={name} as={as}>
              {as === "done" && <p class="dim">{doneText(name, state)}</p>}
              {as === "now" && <Body state={state} actions={actions} />}
              {as === "now" && (
                <button type="button" class="quiet" onClick={() => skip(name, true)}>
                  {t("welcome.skip")}
                </button>
              )}
              {as === "skipped" && (
                <p class="dim">
                  {t("welcome.skipped")}{" "}
                  <button type="button" class="quiet" onClick={() => skip(name, false)}>
                    {t("welcome.back")}
                  </button>
                </p>
              )}
            </StepLine>
          );
        })}
      </ol>
      {now === undefined && (
        <p role="status">{t(done.size === STEPS.length ? "welcome.done" : "welcome.doneSome")}</p>
      )}
      <NoticeBar notice={state.notice} actions={actions} />
    </main>
  );
}
