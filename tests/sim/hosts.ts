import { namesIn, PARTITIONS } from "./partitions.ts";

/** The names under which the services of the world are reached, besides the portals' own. */

export type ServiceName =
  | "portal-api"
  | "oidc"
  | "sts"
  | "s3"
  | "federation"
  | "console"
  | "signin"
  | "assets"
  | "telemetry"
  | "jumpcloud"
  | "saml";

const R = "[a-z]{2,4}(?:-[a-z]+)+-\\d";

const anyOf = (names: readonly string[]): string =>
  `(?:${[...new Set(names)].map((name) => name.replaceAll(".", "\\.")).join("|")})`;
const API = anyOf(PARTITIONS.map(({ api }) => api));
const SIGN_IN = anyOf(PARTITIONS.map(({ cookieDomain }) => cookieDomain));
const CONSOLE = anyOf(PARTITIONS.map(({ console }) => console));

const TABLE: readonly (readonly [RegExp, ServiceName])[] = [
  [new RegExp(`^portal\\.sso(?:-fips)?\\.${R}\\.(?:${API}|api\\.aws)$`), "portal-api"],
  [new RegExp(`^oidc(?:-fips)?\\.${R}\\.(?:${API}|api\\.aws)$`), "oidc"],
  [new RegExp(`^sts(?:\\.${R})?\\.amazonaws\\.com$`), "sts"],
  [new RegExp(`^s3(?:[.-]${R})?\\.amazonaws\\.com$`), "s3"],
  [new RegExp(`^(?:${R}\\.)?signin(?:-fips)?\\.${SIGN_IN}$`), "federation"],
  [new RegExp(`^(?:[a-z0-9-]+\\.)*${CONSOLE}$`), "console"],
  [new RegExp(`^${R}\\.signin\\.aws$`), "signin"],
  [new RegExp(`^assets\\.sso-portal\\.${R}\\.${API}$`), "assets"],
  [new RegExp(`^log\\.sso-portal\\.${R}\\.${API}$`), "telemetry"],
  [/^console\.jumpcloud\.com$/, "jumpcloud"],
  [/^sso\.jumpcloud\.com$/, "saml"],
];

export const serviceOf = (hostname: string): ServiceName | undefined =>
  TABLE.find(([pattern]) => pattern.test(hostname))?.[1];

export const isLoopback = (hostname: string): boolean => /^(127\.|localhost$|\[::1\]$)/.test(hostname);

/** The names a certificate has to cover. */
export function certificateHosts(regions: readonly string[]): string[] {
  const regional = regions.flatMap((region) => {
    const { api, newer, signIn, federation, cookieDomain, console, shared } = namesIn(region);
    return [
      ...[`*.${region}.${api}`, `*.sso.${region}.${api}`, `*.sso-portal.${region}.${api}`],
      ...newer.map((host) => host("*", region)),
      ...[`${region}.signin.${cookieDomain}`, signIn(region), federation(region), `*.${console}`],
      ...(shared === undefined ? [] : [`*.${shared}`, `start.${region}.${shared}`]),
    ];
  });
  return [
    "localhost",
    "*.awsapps.com",
    "*.amazonaws.com",
    ...regional,
    "*.jumpcloud.com",
    "*.signin.aws",
    "*.aws.amazon.com",
    "*.console.aws.amazon.com",
  ];
}
