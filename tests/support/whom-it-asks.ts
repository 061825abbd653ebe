/*
 * With whom the extension may talk: AWS, JumpCloud and the user's broker. What a watched browser asks on its own account is
 * told apart by name.
 */

const ALLOWED = [
  /(^|\.)awsapps\.com$/,
  /(^|\.)amazonaws\.com$/,
  /(^|\.)signin\.aws$/,
  /(^|\.)aws\.amazon\.com$/,
  /(^|\.)jumpcloud\.com$/,
];

/** Firefox's remote settings; Chromium's updates, sign-in to the browser, and help with forms: also with no extension there. */
const BROWSERS_OWN = new Set([
  "firefox.settings.services.mozilla.com",
  "update.googleapis.com",
  "accounts.google.com",
  "content-autofill.googleapis.com",
]);

/** @returns the hosts with which nobody here has any business. @param broker its address. */
export const strangersAmong = (hosts: Iterable<string>, broker: string): string[] =>
  [...hosts].filter(
    (host) =>
      host !== new URL(broker).host &&
      !BROWSERS_OWN.has(host) &&
      !ALLOWED.some((pattern) => pattern.test(host)),
  );
