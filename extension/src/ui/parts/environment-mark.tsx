import { ENVIRONMENT_WORD, type Environment } from "../../roles/environment.ts";

/** A bar whose shape tells the environment, for those who do not see the color. */
export function EnvironmentBar({ environment }: { environment: Environment | null }) {
  return <span class={`bar ${environment ?? "plain"}`} aria-hidden="true" />;
}

export function EnvironmentWord({ environment }: { environment: Environment | null }) {
  const word = environment && ENVIRONMENT_WORD[environment];
  return word ? <span class={`word ${environment}`}>{word}</span> : null;
}
