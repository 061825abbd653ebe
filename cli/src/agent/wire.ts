import type { SsoSession } from "../config/sessions.ts";
import type { Failure } from "../exit.ts";
import type { AgentStatus } from "./status.ts";

/*
 * What client and agent say to each other: one line of JSON asks, any number of lines tell what goes on, one answers.
 * Types only: the client loads nothing for them.
 */

/** Where role credentials come from. */
export type SourceRef =
  | { readonly kind: "brokered" }
  /** The whole session, not its name: the client's config file may be another than the agent's. */
  | { readonly kind: "direct"; readonly session: SsoSession };

/** Who asks: what is told to the person who has to approve. */
export interface Caller {
  /** Somebody can see a line that the client writes. */
  readonly interactive: boolean;
  /** Told when the agent has asked for it; finding it out costs time that most requests need not spend. */
  readonly about?: { readonly process: string; readonly directory: string };
}

export interface CredentialsRequest {
  readonly v: 1;
  readonly op: "credentials";
  readonly source: SourceRef;
  readonly account: string;
  readonly role: string;
  readonly minTtlMs?: number;
  readonly caller: Caller;
}

/** The client's program and settings; not told to an agent elsewhere, whose business they are not. */
export interface Kinship {
  readonly build?: string;
  readonly version?: string;
  /** The folder with the device's keys. */
  readonly folder?: string;
}

export type ControlOp = "status" | "lock" | "unlock" | "stop";
export interface ControlRequest {
  readonly v: 1;
  readonly op: ControlOp;
}

/** One role, and where the agent takes it from: whoever asks at a share names the role alone. */
export interface SharedRole {
  readonly source: SourceRef;
  readonly account: string;
  readonly role: string;
}

/** [AG18] Open another socket, for these roles alone. */
export interface ShareRequest {
  readonly v: 1;
  readonly op: "share";
  readonly roles: readonly SharedRole[];
  readonly forMs: number;
  /** Absolute; without it, a folder of its own beside the agent's socket, the same for the same roles. */
  readonly path?: string;
}

/** End the share at this path, or all of them. */
export interface EndShareRequest {
  readonly v: 1;
  readonly op: "end-share";
  readonly path?: string;
}

/** On a socket of its own: `token-door.ts`. */
export interface TokensRequest {
  readonly v: 1;
  readonly op: "tokens";
  readonly act: "read" | "write" | "remove" | "sign-out";
  /** Of the session's portal. */
  readonly id: string;
  /** To write. */
  readonly text?: string;
  /** A person has signed in. */
  readonly anew?: boolean;
}

export type AgentRequest = (
  | CredentialsRequest
  | ControlRequest
  | ShareRequest
  | EndShareRequest
  | TokensRequest
) &
  Kinship;

export type AgentEvent =
  /** The answer takes a moment: somebody is there and at work. */
  | { readonly event: "taken" }
  /** [AS2] */
  | {
      readonly event: "show";
      readonly num: number;
      readonly account: string;
      readonly role: string;
      readonly untilMs: number;
    }
  | { readonly event: "done" };

export type AgentAnswer =
  | {
      readonly answer: "credentials";
      readonly credentials: {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken: string;
        readonly expiresAtMs: number;
      };
      readonly warning?: string;
    }
  | { readonly answer: "failure"; readonly failure: Failure }
  /** Ask again, and tell who asks. */
  | { readonly answer: "whose" }
  /** It gives way to a newer program, or was told to stop: another one is to be started. */
  | { readonly answer: "leaving" }
  /** It works with the keys of another folder. */
  | { readonly answer: "other" }
  | { readonly answer: "status"; readonly status: AgentStatus }
  /** The share that was opened, or those that were ended. */
  | { readonly answer: "shares"; readonly shares: AgentStatus["shares"] }
  /** Without a text, nobody is signed in. */
  | { readonly answer: "tokens"; readonly text?: string }
  | { readonly answer: "done" };
