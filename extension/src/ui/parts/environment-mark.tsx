import type { Environment } from "../../roles/environment.ts";
import { t } from "../../words.ts";

/** A bar whose shape tells the environment, for those who do not see the color. */
export function EnvironmentBar({ environment }: { environment: Environment | null }) {
  return <span class={`bar ${environment ?? "plain"}`} aria-hidden="true" />;
}

/** Beside the bar, so that color alone never carries it. Development needs no warning, and gets no word. */
export function EnvironmentWord({ environment }: { environment: Environment | null }) {
  if (environment === null || environment === "dev") return null;
  return <span class={`word ${environment}`}>{t(`environment.${environment}Mark`)}</span>;
}

/** Spoken. */
export const environmentName = (environment: Environment): string => t(`environment.${environment}`);
