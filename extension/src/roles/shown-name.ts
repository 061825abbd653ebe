/** What turns the direction of letters, and what is no letter. */
const TURNING = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A name as it may be shown among other words: one that could turn them round would say `prod` in the place of `dev`. */
export const shownName = (text: string): string => text.replace(TURNING, "").trim();
