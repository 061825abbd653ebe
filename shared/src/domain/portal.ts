import { err, ok, type Result } from "../result.ts";

export type Partition = "aws" | "aws-us-gov" | "aws-cn" | "aws-eusc";

/** @source botocore `endpoint-rule-set-1.json` of `sso` and `sso-oidc`: the plain endpoints of each partition. */
const API_SUFFIX: Record<Partition, string> = {
  aws: "amazonaws.com",
  "aws-us-gov": "amazonaws.com",
  "aws-cn": "amazonaws.com.cn",
  "aws-eusc": "amazonaws.eu",
};

/**
 * Regions where IAM Identity Center can be enabled. A closed list: a host name is built from a member of this table and
 * never from text that came over the wire.
 * @source AWS General Reference, IAM Identity Center endpoints; botocore `partitions.json`.
 */
const REGIONS = {
  aws: [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
  ],
  "aws-us-gov": ["us-gov-east-1", "us-gov-west-1"],
  "aws-cn": ["cn-north-1", "cn-northwest-1"],
  "aws-eusc": ["eusc-de-east-1"],
} as const satisfies Record<Partition, readonly string[]>;

declare const regionBrand: unique symbol;
/** A region that stands in the table. */
export type Region = string & { readonly [regionBrand]: true };

const PARTITION_OF = new Map<string, Partition>(
  (Object.keys(REGIONS) as Partition[]).flatMap((partition) =>
    REGIONS[partition].map((region) => [region, partition] as const),
  ),
);

export const allRegions: readonly Region[] = [...PARTITION_OF.keys()] as Region[];

export const isRegion = (text: string): text is Region => PARTITION_OF.has(text);

export function parseRegion(text: string): Result<Region, "unknown-region"> {
  return isRegion(text) ? ok(text) : err("unknown-region");
}

export function partitionOf(region: Region): Partition {
  return PARTITION_OF.get(region)!;
}

/** Host of the portal API (GetRoleCredentials and friends) in a region. */
export function portalApiHost(region: Region): string {
  return `portal.sso.${region}.${API_SUFFIX[partitionOf(region)]}`;
}

/** Host of the OIDC API in a region. */
export function oidcHost(region: Region): string {
  return `oidc.${region}.${API_SUFFIX[partitionOf(region)]}`;
}

const SIGN_IN_HOST: Record<Partition, string> = {
  aws: "signin.aws.amazon.com",
  "aws-us-gov": "signin.amazonaws-us-gov.com",
  "aws-cn": "signin.amazonaws.cn",
  "aws-eusc": "signin.amazonaws-eusc.eu",
};

/** Where a sign-in token of the console may be carried to, whole or behind a region's label. */
export const signInHost = (partition: Partition): string => SIGN_IN_HOST[partition];

/** An access portal, told by its address. */
export interface Portal {
  /** `https://acme.awsapps.com` */
  readonly origin: string;
  /** What people paste and configure: `https://acme.awsapps.com/start`. */
  readonly startUrl: string;
  /** The alias, directory id or instance id in the address: `acme`, `d-9067642ab1`, `ssoins-…`. */
  readonly name: string;
  /** Known from the host name for the newer hosts only. */
  readonly region?: Region;
}

export type PortalProblem = "not-a-url" | "not-https" | "not-a-portal" | "builder-id" | "account-access";

interface HostRule {
  readonly host: RegExp;
  readonly start: (url: URL, name: string) => string | undefined;
}

const directoryPath = (url: URL): string | undefined =>
  /^\/directory\/([\w.-]+)/.exec(url.pathname)?.[1] ?? undefined;

/**
 * @source AWS CLI `customizations/sso/resolve.py` (host suffixes and region patterns) and the Identity Center user guide
 *   on multi-Region access. Hosts are matched whole, so `x.awsapps.com.example.org` and `evil-awsapps.com` fail.
 */
const HOST_RULES: readonly HostRule[] = [
  {
    host: /^start\.(?:(?<region>[a-z0-9-]+)\.)?us-gov-home\.awsapps\.com$/,
    start: (url) => under(url, directoryPath(url)),
  },
  {
    host: /^start\.(?:(?<region>[a-z0-9-]+)\.)?home\.awsapps\.cn$/,
    start: (url) => under(url, directoryPath(url)),
  },
  { host: /^(?<name>[a-z0-9][a-z0-9-]*)\.awsapps\.com$/, start: (url) => `${url.origin}/start` },
  {
    host: /^(?<name>ssoins-[0-9a-z]+)\.portal\.(?<region>[a-z0-9-]+)\.(?:app\.aws|app\.amazonwebservices\.com\.cn|api\.amazonwebservices\.eu)$/,
    start: (url) => url.origin,
  },
  {
    host: /^(?<name>ssoins-[0-9a-z]+)\.(?<region>[a-z0-9-]+)\.portal\.amazonaws\.(?:com|com\.cn|eu)$/,
    start: (url) => url.origin,
  },
];

const under = (url: URL, directory: string | undefined): string | undefined =>
  directory === undefined ? undefined : `${url.origin}/directory/${directory}`;

/**
 * Read an access portal's address in any spelling people paste (`/start`, `/start/#/`, trailing query, …).
 *
 * @errors `builder-id` and `account-access` are AWS products that look alike and hold no accounts of an organization.
 */
export function parsePortalUrl(text: string): Result<Portal, PortalProblem> {
  if (!URL.canParse(text)) return err("not-a-url");
  const url = new URL(text);
  if (url.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "") {
    return err("not-https");
  }
  if (url.hostname === "view.awsapps.com") return err("builder-id");
  if (/^aa-[^.]+\.account-access\./.test(url.hostname)) return err("account-access");

  for (const rule of HOST_RULES) {
    const match = rule.host.exec(url.hostname);
    if (!match) continue;
    const name = match.groups?.name ?? directoryPath(url);
    const startUrl = name === undefined ? undefined : rule.start(url, name);
    const region = match.groups?.region;
    if (name === undefined || startUrl === undefined) return err("not-a-portal");
    if (region !== undefined && !isRegion(region)) return err("not-a-portal");
    return ok({ origin: url.origin, startUrl, name, ...(region === undefined ? {} : { region }) });
  }
  return err("not-a-portal");
}
