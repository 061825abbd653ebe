/** Classic portals live below `/start/`; those under an instance's own name at the root (A.1). */
export const portalPath = (hostname: string): "/" | "/start/" =>
  hostname.endsWith(".awsapps.com") ? "/start/" : "/";
