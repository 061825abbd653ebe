import { say, seconds } from "../lib/report.ts";

/** A step that did not show what it should. Its text is what the person reads. */
export class StepFailed extends Error {}

/** Fail the step unless `holds`. */
export function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new StepFailed(otherwise);
}

export interface StepReport {
  /** Lines under the step's own: what was seen. */
  show(text: string): void;
}

/** Runs steps one after the other and keeps count; after a failed one nothing more is tried. */
export class Steps {
  #passed = 0;
  #failed = 0;
  readonly #startedMs = performance.now();

  async step<T>(name: string, work: (report: StepReport) => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    const lines: string[] = [];
    try {
      const value = await work({ show: (text) => lines.push(...text.trimEnd().split("\n")) });
      this.#passed += 1;
      this.#print("✓", name, startedMs, lines);
      return value;
    } catch (error) {
      this.#failed += 1;
      this.#print("✗", name, startedMs, [...lines, ...(error as Error).message.split("\n")]);
      throw error;
    }
  }

  #print(mark: string, name: string, startedMs: number, lines: readonly string[]): void {
    const took = seconds(performance.now() - startedMs);
    say(`${mark} ${name.padEnd(68)} ${took.padStart(7)}`);
    for (const line of lines) say(`    ${line}`);
  }

  /** The summary. @returns whether every step was done. */
  close(): boolean {
    const took = seconds(performance.now() - this.#startedMs);
    say(`\n${this.#passed} steps checked, ${this.#failed} failed, in ${took}`);
    return this.#failed === 0;
  }
}

/** Enough of a secret to see that it is there. */
export const shortened = (secret: string): string => `${secret.slice(0, 4)}… (${secret.length} characters)`;

const ASSIGNMENT = /^(.*(?:AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN)=")([^"]*)(")$/;

/** Lines for a shell, with the secrets shortened. */
export const shortenLines = (text: string): string =>
  text
    .split("\n")
    .map((line) =>
      line.replace(ASSIGNMENT, (_, before, secret, after) => `${before}${shortened(secret)}${after}`),
    )
    .join("\n");

/** `credential_process` JSON, with the secrets shortened. */
export function shortenJson(text: string): string {
  const json = JSON.parse(text) as Record<string, string>;
  for (const name of ["SecretAccessKey", "SessionToken"]) json[name] = shortened(json[name] ?? "");
  return JSON.stringify(json, null, 2);
}
