import { allRegions, portalApiHost } from "@jcfetch/shared/domain/portal";
import { CONSOLES } from "../sessions/jumpcloud-session.ts";

/*
 * The hosts that the extension has business with. None is granted at install: each is asked for, exactly, when the user has
 * pressed the button that needs it.
 */

/** Host names of one kind of access portal, and the paths at which portals stand there. */
interface PortalFamily {
  /** Without the leading dot. */
  readonly suffix: string;
  readonly paths: readonly string[];
}

/** As `parsePortalUrl` knows them. Matching patterns have their wildcard at the left end only, so the newer ones are wide. */
export const PORTAL_FAMILIES: readonly PortalFamily[] = [
  { suffix: "awsapps.com", paths: ["/start*", "/directory/*"] },
  { suffix: "awsapps.cn", paths: ["/directory/*"] },
  { suffix: "portal.amazonaws.com", paths: ["/*"] },
  { suffix: "portal.amazonaws.com.cn", paths: ["/*"] },
  { suffix: "portal.amazonaws.eu", paths: ["/*"] },
  { suffix: "app.aws", paths: ["/*"] },
  { suffix: "app.amazonwebservices.com.cn", paths: ["/*"] },
  { suffix: "api.amazonwebservices.eu", paths: ["/*"] },
];

/** JumpCloud's user console, one for each of its regions. */
export const JUMPCLOUD_HOSTS: readonly string[] = CONSOLES.map((console) => `${console}/*`);

/** What may be asked for by name, each with its reason. */
export const NAMED_HOSTS: readonly string[] = [
  // The access portal: its cookie says whether a session lives, and until when. Only the user's own is ever asked for.
  ...PORTAL_FAMILIES.map(({ suffix }) => `https://*.${suffix}/*`),
  // The portal API of each region where IAM Identity Center exists: accounts, roles, credentials.
  ...allRegions.map((region) => `https://${portalApiHost(region)}/*`),
  // Is the session live, and which link leads to AWS. Reached on the user's click only.
  ...JUMPCLOUD_HOSTS,
  // A broker on this computer.
  "http://127.0.0.1/*",
];

/** A broker elsewhere: that one origin, when the user connects it. */
export const ANY_HOST = "https://*/*";
