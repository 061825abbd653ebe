import type { Clock } from "../clock.ts";
import type { Directory } from "../directory.ts";
import { opaque, uuid } from "../tokens.ts";
import type { UserSpec } from "../world/spec.ts";

const WORKFLOW_MS = 15 * 60_000;
const RESULT_MS = 5 * 60_000;
const CONSOLE_SIGN_IN_MS = 15 * 60_000;

/** A sign-in that the portal began and the identity provider has yet to answer. */
export interface Workflow {
  readonly handle: string;
  readonly directory: Directory;
  /** The address of the portal's page at which it began. */
  readonly portalHome: string;
  /** Comes back to the portal in `state=`. */
  readonly state: string;
  readonly csrfToken: string;
  /** The id of the SAML request, which the answer has to name. */
  readonly requestId: string;
  readonly expiresAtMs: number;
}

/** A finished sign-in, to be exchanged for a token once. */
export interface WorkflowResult {
  readonly user: UserSpec;
  readonly directory: Directory;
  readonly state: string;
  /** Missing when the sign-in began at the identity provider. */
  readonly csrfToken: string | undefined;
  readonly expiresAtMs: number;
}

/** What a console sign-in token stands for. */
export interface ConsoleSignIn {
  readonly user: UserSpec;
  readonly directory: Directory;
  readonly accountId: string;
  readonly roleName: string;
  readonly expiresAtMs: number;
}

export class SigninState {
  readonly #clock: Clock;
  readonly #workflows = new Map<string, Workflow>();
  readonly #results = new Map<string, WorkflowResult>();
  readonly #assertions = new Set<string>();
  readonly #consoleTokens = new Map<string, ConsoleSignIn>();
  readonly consoleSessions = new Map<string, ConsoleSignIn>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(directory: Directory, portalHome: string): Workflow {
    const workflow = {
      handle: uuid(),
      directory,
      portalHome,
      state: opaque(48),
      csrfToken: uuid(),
      requestId: `_${uuid()}`,
      expiresAtMs: this.#clock.nowMs() + WORKFLOW_MS,
    };
    this.#workflows.set(workflow.handle, workflow);
    return workflow;
  }

  workflow(handle: string): Workflow | undefined {
    const workflow = this.#workflows.get(handle);
    return workflow !== undefined && workflow.expiresAtMs > this.#clock.nowMs() ? workflow : undefined;
  }

  /** Notes an assertion's id; false when it was used before. */
  useAssertion(id: string): boolean {
    if (this.#assertions.has(id)) return false;
    this.#assertions.add(id);
    return true;
  }

  /** Stores a finished sign-in under a fresh handle and forgets its workflow. */
  finish(
    user: UserSpec,
    directory: Directory,
    workflow: Workflow | undefined,
  ): { handle: string; state: string } {
    if (workflow !== undefined) this.#workflows.delete(workflow.handle);
    const handle = uuid();
    const state = workflow?.state ?? opaque(48);
    this.#results.set(handle, {
      user,
      directory,
      state,
      csrfToken: workflow?.csrfToken,
      expiresAtMs: this.#clock.nowMs() + RESULT_MS,
    });
    return { handle, state };
  }

  /** Takes a finished sign-in out: a handle works once. */
  takeResult(handle: string): WorkflowResult | undefined {
    const result = this.#results.get(handle);
    this.#results.delete(handle);
    return result !== undefined && result.expiresAtMs > this.#clock.nowMs() ? result : undefined;
  }

  addConsoleToken(token: string, signIn: Omit<ConsoleSignIn, "expiresAtMs">): void {
    this.#consoleTokens.set(token, { ...signIn, expiresAtMs: this.#clock.nowMs() + CONSOLE_SIGN_IN_MS });
  }

  takeConsoleToken(token: string): ConsoleSignIn | undefined {
    const signIn = this.#consoleTokens.get(token);
    this.#consoleTokens.delete(token);
    return signIn !== undefined && signIn.expiresAtMs > this.#clock.nowMs() ? signIn : undefined;
  }
}
