const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/;
const IN_HOST = /\/\/(?:portal\.sso|assets\.sso-portal|oidc|log\.sso-portal)\.([a-z0-9-]+)\.amazonaws\./g;

const inHosts = (text: string): string[] => [...text.matchAll(IN_HOST)].map((match) => match[1]!);

function fromEnvironment(root: ParentNode): string[] {
  try {
    const env: unknown = JSON.parse(root.querySelector("#env")?.textContent ?? "null");
    const region = typeof env === "object" && env !== null && "region" in env ? env.region : undefined;
    return typeof region === "string" ? [region] : [];
  } catch {
    return [];
  }
}

const metaContent = (root: ParentNode, selector: string): string =>
  root.querySelector(selector)?.getAttribute("content") ?? "";

/** As many as the message to the background takes. */
const MAX_HINTS = 16;

/**
 * Everything on the page that names the portal's region, best source first, each region once: the environment block, the
 * region of old pages, the address of the assets, the content security policy, what the page has loaded from. Untrusted:
 * any script of the page could have written it; the background asks AWS.
 *
 * @param resources addresses the page has loaded (`performance.getEntriesByType("resource")`)
 */
export function regionHints(root: ParentNode, resources: readonly string[] = []): string[] {
  const found = [
    ...fromEnvironment(root),
    metaContent(root, 'meta[name="region"]'),
    ...inHosts(metaContent(root, 'meta[name="assets-base-path"]')),
    ...inHosts(metaContent(root, 'meta[http-equiv="Content-Security-Policy"]')),
    ...resources.flatMap(inHosts),
  ];
  return [...new Set(found)].filter((region) => REGION.test(region)).slice(0, MAX_HINTS);
}
