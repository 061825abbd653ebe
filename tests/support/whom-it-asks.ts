/*
 * With whom the extension may talk: AWS, JumpCloud and the user's broker. What a watched browser asks on its own account is
 * told apart by name.
 */

/** Portals, their APIs, sign-in and console in the partitions aws, aws-us-gov, aws-cn and aws-eusc; JumpCloud. */
const ALLOWED = [
  /(^|\.)awsapps\.(com|cn)$/,
  /(^|\.)portal\.[a-z0-9-]+\.app\.aws$/,
  /(^|\.)amazonaws\.(com|com\.cn|cn|eu)$/,
  /(^|\.)(amazonaws-us-gov\.com|amazonaws-eusc\.eu)$/,
  /(^|\.)(app\.amazonwebservices\.com\.cn|api\.amazonwebservices\.eu)$/,
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
