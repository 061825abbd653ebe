import * as v from "valibot";
import { message } from "./message.ts";
import { Copied } from "./page-messages.ts";

/* Presses in the portal on roles of production accounts: what the popup answers to `ViewState.confirm`. */

const Id = v.strictObject({ id: v.pipe(v.string(), v.maxLength(64)) });

/** The person has held the button, or pressed twice. `confirm-over` when the question has ended or another has taken its place. */
export const confirmCopy = message("confirm-copy", ["ui"], Id, Copied);

export const confirmDrop = message("confirm-drop", ["ui"], Id, v.strictObject({}));

export const CONFIRM_MESSAGES = { confirmCopy, confirmDrop } as const;
