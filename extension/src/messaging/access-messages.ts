import * as v from "valibot";
import { message } from "./message.ts";

const Pattern = v.string();

/**
 * Reads the address of a portal without remembering it: what the user is to be asked, and what the browser would have to
 * allow. `hints` is what an open page says of its region; the page may lie, AWS is asked later.
 */
export const portalPreview = message(
  "portal-preview",
  ["ui"],
  v.strictObject({
    startUrl: v.pipe(v.string(), v.maxLength(512)),
    hints: v.pipe(v.array(v.pipe(v.string(), v.maxLength(128))), v.maxLength(16)),
  }),
  v.strictObject({
    startUrl: v.string(),
    alias: v.string(),
    region: v.nullable(v.string()),
    /** Patterns to ask the browser for, from a press; empty when all is granted. */
    missing: v.array(Pattern),
  }),
);

export const ACCESS_MESSAGES = { portalPreview } as const;
