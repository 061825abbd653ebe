import type { Directory } from "../directory.ts";
import { type Html, html, jsonBlock, raw } from "../html.ts";
import { hex } from "../tokens.ts";
import type { PortalSpec } from "../world/spec.ts";

/** Changes with every start of the world, as class names and asset paths do with every release of the portal. */
export const BUILD = `2026-09-17-10-49-07-${(Number.parseInt(hex(2), 16) % 900) + 100}`;
const CLASS_SUFFIX = hex(3);

/** The page before its script has run: what `extension-peers` §2.3 and §2.5–2.7 show in the head, and an empty root. */
export function portalPage(directory: Directory, portal: PortalSpec, change: string | null = null): Html {
  const { region, id } = directory;
  const { api } = directory.names;
  const assets = `https://assets.sso-portal.${region}.${api}/${BUILD}/`;
  const { generation, regionHint, cookieName, cookiePath, cookieDelayMs } = portal;
  const config = {
    generation,
    directoryId: id,
    alias: directory.spec.alias,
    startUrl: directory.startUrl,
    region,
    api: `https://portal.sso.${region}.${api}`,
    oidc: `https://oidc.${region}.${api}`,
    cookieName,
    cookiePath,
    cookieDelayMs,
    classSuffix: CLASS_SUFFIX,
    change,
  };
  return html`<html lang="en" class="awsui-visual-refresh"><head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(directory, regionHint === "env" || regionHint === "csp")}">
<title>${generation === 1 ? "Amazon Web Services (AWS)" : "AWS access portal"}</title>
<meta name="viewport" content="width=device-width">
${generation === 3 ? "" : html`<meta name="version" content="${generation}">`}
${regionHint === "meta" || generation === 1 ? html`<meta name="region" content="${region}"><meta name="stage" content="prod">` : ""}
${regionHint === "assets" || (regionHint === "env" && generation === 3) ? html`<meta name="assets-base-path" content="${assets}">` : ""}
${regionHint === "env" && generation !== 1 ? html`<script id="env" type="application/json">${jsonBlock(environment(directory))}</script>` : ""}
<script id="portal-config" type="application/json">${jsonBlock(config)}</script>
<link rel="stylesheet" href="${assets}portal.css"><link rel="stylesheet" href="${assets}accounts.css">
<script type="module" crossorigin src="${assets}main.js"></script>
</head><body>
${raw('<div hidden><span id="u2f_container"></span><span id="ap_tokenCode"></span><span id="mfa_form"></span><span id="mfa_container"></span></div>')}
${generation === 1 ? raw("<app></app>") : raw('<div id="awsccc-sb-ux-c"></div>\n<div id="root"></div>')}
</body></html>`;
}

function environment({ region, names }: Directory) {
  return {
    FDLEnabled: true,
    PKCEEnabled: true,
    allowAllCookiesByDefault: false,
    oidcApiEndpoint: `https://oidc.${region}.${names.api}`,
    panoramaEnabled: true,
    partition: names.partition,
    region,
    shortbreadEnabled: true,
    stage: "prod",
  };
}

function contentPolicy({ region, names: { api } }: Directory, namesRegion: boolean): string {
  const hosts = namesRegion
    ? ["portal.sso", "oidc", "up.sso", "log.sso-portal"].map((name) => `https://${name}.${region}.${api}`)
    : [`https://*.${api}`];
  const assets = namesRegion ? `https://assets.sso-portal.${region}.${api}` : `https://*.${api}`;
  return [
    "default-src 'none'",
    "img-src data: 'self'",
    `script-src ${assets} 'self'`,
    `style-src ${assets} 'self' 'unsafe-inline'`,
    `connect-src ${hosts.join(" ")} 'self'`,
  ].join("; ");
}
