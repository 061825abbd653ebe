/** The same as in package.json, which a test holds it to: what runs on a user's host has no package.json beside it. */
export const VERSION = "0.1.0";
