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

const TABLE: readonly (readonly [RegExp, ServiceName])[] = [
  [new RegExp(`^portal\\.sso(?:-fips)?\\.${R}\\.(?:amazonaws\\.com|api\\.aws)$`), "portal-api"],
  [new RegExp(`^oidc(?:-fips)?\\.${R}\\.(?:amazonaws\\.com|api\\.aws)$`), "oidc"],
  [new RegExp(`^sts(?:\\.${R})?\\.amazonaws\\.com$`), "sts"],
  [new RegExp(`^s3(?:[.-]${R})?\\.amazonaws\\.com$`), "s3"],
  [new RegExp(`^(?:${R}\\.)?signin\\.aws\\.amazon\\.com$`), "federation"],
  [/^(?:[a-z0-9-]+\.)*console\.aws\.amazon\.com$/, "console"],
  [new RegExp(`^${R}\\.signin\\.aws$`), "signin"],
  [new RegExp(`^assets\\.sso-portal\\.${R}\\.amazonaws\\.com$`), "assets"],
  [new RegExp(`^log\\.sso-portal\\.${R}\\.amazonaws\\.com$`), "telemetry"],
  [/^console\.jumpcloud\.com$/, "jumpcloud"],
  [/^sso\.jumpcloud\.com$/, "saml"],
];

export const serviceOf = (hostname: string): ServiceName | undefined =>
  TABLE.find(([pattern]) => pattern.test(hostname))?.[1];

export const isLoopback = (hostname: string): boolean => /^(127\.|localhost$|\[::1\]$)/.test(hostname);

/** The names a certificate has to cover. */
export function certificateHosts(regions: readonly string[]): string[] {
  const regional = regions.flatMap((region) => [
    `*.${region}.amazonaws.com`,
    `*.sso.${region}.amazonaws.com`,
    `*.sso-portal.${region}.amazonaws.com`,
    `*.portal.${region}.app.aws`,
    `*.${region}.portal.amazonaws.com`,
    `${region}.signin.aws.amazon.com`,
  ]);
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
