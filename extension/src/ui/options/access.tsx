import { t, type WordKey } from "../../words.ts";
import { FORMATS } from "../format-names.ts";
import { formatTitle } from "../format-title.ts";
import type { UiState } from "../state.ts";
import { Section, type SectionProps } from "./section.tsx";

const hostOf = (pattern: string): string => pattern.replace(/\/\*$/, "");

/** [PM5] What the extension may reach, and the way to take it back. */
export function ReachPart({ state, actions }: SectionProps) {
  const granted = state.view?.granted ?? [];
  return (
    <Section id="reach" title={t("access.title")}>
      <p>{t(granted.length === 0 ? "access.none" : "access.about")}</p>
      <ul class="lines">
        {granted.map((pattern) => (
          <li key={pattern} class="line">
            <span class="account-id">{hostOf(pattern)}</span>
            <button
              type="button"
              aria-label={t("access.removeHost", [hostOf(pattern)])}
              onClick={() => void actions.release(pattern)}
            >
              {t("common.remove")}
            </button>
          </li>
        ))}
      </ul>
      <p>
        <button type="button" onClick={actions.openWelcome}>
          {t("access.again")}
        </button>
      </p>
    </Section>
  );
}

const listed = (words: readonly string[]): string => words.join(t("common.comma"));
const formatsOf = (laid: readonly string[]): string =>
  listed(FORMATS.filter((format) => laid.includes(format)).map(formatTitle));
/** Members of the policy in words. */
const MEMBERS: Readonly<Record<string, WordKey>> = {
  portals: "organization.member.portals",
  broker: "organization.member.broker",
  formats: "organization.member.formats",
  accountRules: "organization.member.accountRules",
  clipboardSeconds: "organization.member.clipboardSeconds",
  lockAfterMinutes: "organization.member.lockAfterMinutes",
  popupCopy: "organization.member.popupCopy",
  containers: "organization.member.containers",
};
/** One that there is none of is named as it stands in the policy. */
const memberText = (name: string): string => {
  const known = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined;
  return known ? t(known) : name;
};

/** [MP1] What the company has laid down; nothing where there is no policy. */
export function OrganizationPart({ state }: { state: UiState }) {
  const laid = state.view?.organization;
  if (!laid) return null;
  const minutes = laid.lockAfterMinutes;
  const lines = [
    laid.portals && t("organization.portals", [listed(laid.portals)]),
    laid.broker && t("organization.broker", [laid.broker]),
    laid.formats && t("organization.formats", [formatsOf(laid.formats)]),
    laid.accountRules > 0 && t("organization.rules", laid.accountRules),
    laid.clipboardSeconds !== null && t("organization.clipboard", laid.clipboardSeconds),
    minutes !== null && t("organization.lock", minutes),
    laid.popupCopy === false && t("organization.popupCopy"),
    laid.containers === false && t("organization.containers"),
    laid.faults.length > 0 && t("organization.faults", [listed(laid.faults.map(memberText))]),
  ].filter((line) => typeof line === "string");
  if (lines.length === 0) return null;
  return (
    <Section id="organization" title={t("organization.title")}>
      <ul class="lines">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Section>
  );
}
