/** The same as in package.json, which a test holds it to: what runs on a user's host has no package.json beside it. */
export const VERSION = "0.1.0";

declare const JCFETCH_BUILD: string | undefined;

/** Which sources this program was made of: the build puts it in. Run from its sources, a program has only its version. */
export const BUILD: string = typeof JCFETCH_BUILD === "string" ? JCFETCH_BUILD : VERSION;
