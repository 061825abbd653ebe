import { fileURLToPath } from "node:url";
import { defineConfig } from "wxt";
import { ANY_HOST, NAMED_HOSTS } from "./src/access/hosts.ts";

/**
 * Fixes the id of unpacked Chromium builds (`nmambjjbdjmmphgjjenoggafiljnfklg`), which policies name. Only the public
 * half was ever kept: it signs nothing.
 */
const CHROMIUM_KEY =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAt/QwwST+uItMHvyIOiCsG+AjcfsJ8GaaoH2lxJMDdS2pOUZb0Q4IPVo2+KK0OepL9f4Nmc/y48uT6bBxIBYvVNseoU+lTV5lGqqca4TDuPxTwAhh4bxEk1zltOGO2sDw7pxFrugaFDhB9GY8N7Be7VRW5+2yUHnN4UUC86WzvHh/gxO6xWlInJwrH67cfki/+xuKFk2K4tp3gMpP4txkrxGn0MFuR4WLyJKa+jNPFY4PBr2o0mVtKHT8sanW615rHVMaeyk190ZeraDImaC/h/j9zi2xz3GOmV/hZuMEcQib362S5m6n7eZllUIgsr53tIu+uXo1ewK60H6CyChE0QIDAQAB";

/**
 * `connect-src` cannot list the broker a user will choose, so it says https and loopback; which of these hosts answer is
 * decided by the permissions above.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' https: wss: http://127.0.0.1:* ws://127.0.0.1:*",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const icons = (state: string) =>
  Object.fromEntries([16, 32, 48, 128].map((size) => [size, `/icons/${state}-${size}.png`]));

/**
 * Preact can set `innerHTML`, which nothing of ours asks of it. Without that no text can become elements, whatever is drawn, and
 * who reviews the built files has nothing to wonder about.
 */
const withoutInnerHtml = {
  name: "without-inner-html",
  transform(code: string, id: string): string | undefined {
    if (!id.endsWith("/preact/dist/preact.mjs")) return undefined;
    const changed = code.replace(/\(\w+\.innerHTML=\w+\.__html\)/, "0");
    if (changed === code) throw new Error("preact sets innerHTML in another way now");
    return changed;
  },
};

export default defineConfig({
  srcDir: "src",
  publicDir: "public",
  outDir: ".output",
  manifestVersion: 3,
  imports: false,
  vite: () => ({
    plugins: [withoutInnerHtml],
    resolve: {
      alias: {
        "wxt/utils/content-script-context": fileURLToPath(new URL("src/portal/lifetime.ts", import.meta.url)),
      },
    },
  }),
  modules: ["@wxt-dev/i18n/module"],
  manifest: ({ browser }) => ({
    name: "jcfetch",
    description: "__MSG_extension_about__",
    default_locale: "en",
    icons: icons("live"),
    omnibox: { keyword: "aws" },
    action: { default_title: "jcfetch", default_icon: icons("idle") },
    permissions: [
      "cookies", // reads the portal's session cookie when it is needed
      "storage", // names of accounts and roles, preferences, the list of terminals
      "alarms", // the end of a session; and coming back to the broker after the browser has put us to sleep
      "notifications", // a terminal waits for the user's approval, or one was paired
      "activeTab", // when the popup is opened on a portal: its address and region, so that nobody has to type them
      "scripting", // puts the copy buttons into the portals that the user has granted, and nowhere else
      "clipboardWrite", // puts credentials on the clipboard after the answer has come
      ...(browser === "firefox"
        ? ["contextualIdentities"] // an account's console in a container of its own; Firefox lets nobody ask for it later
        : ["offscreen"]), // Chromium's background cannot reach the clipboard itself
    ],
    optional_permissions: [
      "clipboardRead", // sees whether what is to be cleared is still ours; asked in the settings
      "tabGroups", // an account's consoles in a group of tabs; asked in the settings
      "idle", // locks after idleness of the computer and with the screen; asked in the settings
    ],
    // None at install. The build that tests load has those with a name granted: tools/tested-extension.ts.
    optional_host_permissions: [...NAMED_HOSTS, ANY_HOST],
    content_security_policy: { extension_pages: CONTENT_SECURITY_POLICY },
    ...(browser === "firefox"
      ? {
          browser_specific_settings: {
            gecko: {
              id: "jcfetch@jcfetch.dev",
              strict_min_version: "142.0",
              data_collection_permissions: { required: ["authenticationInfo"] },
            },
          },
        }
      : {
          key: CHROMIUM_KEY,
          // Firefox reads the company's policy without a schema.
          storage: { managed_schema: "managed-schema.json" },
          minimum_chrome_version: "123",
        }),
  }),
});
