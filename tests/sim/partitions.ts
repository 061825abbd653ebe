/** What differs between the partitions of AWS, as far as the world shows it: names. */
export interface PartitionNames {
  /** As it stands in ARNs and in the portal's environment block. */
  readonly partition: string;
  /** Behind `portal.sso.<region>.`, `oidc.<region>.` and the like. */
  readonly api: string;
  /** Where a sign-in token is carried to, and the domain of its cookie. */
  readonly federation: (region: string) => string;
  readonly cookieDomain: string;
  readonly console: string;
  /** Where a sign-in at a directory of this region goes through. */
  readonly signIn: (region: string) => string;
  /** Host names of the newer portals: before and behind the region (A.1). */
  readonly newer: readonly ((instance: string, region: string) => string)[];
  /** The host that all directories of the partition share; each has a path below `/directory/`. */
  readonly shared?: string;
}

const AWS: PartitionNames = {
  partition: "aws",
  api: "amazonaws.com",
  federation: () => "signin.aws.amazon.com",
  cookieDomain: "aws.amazon.com",
  console: "console.aws.amazon.com",
  signIn: (region) => `${region}.signin.aws`,
  newer: [
    (instance, region) => `${instance}.portal.${region}.app.aws`,
    (instance, region) => `${instance}.${region}.portal.amazonaws.com`,
  ],
};

const OTHERS: readonly PartitionNames[] = [
  {
    ...AWS,
    partition: "aws-us-gov",
    federation: () => "signin.amazonaws-us-gov.com",
    cookieDomain: "amazonaws-us-gov.com",
    console: "console.amazonaws-us-gov.com",
    signIn: (region) => `${region}.signin-fips.amazonaws-us-gov.com`,
    shared: "us-gov-home.awsapps.com",
  },
  {
    partition: "aws-cn",
    api: "amazonaws.com.cn",
    federation: () => "signin.amazonaws.cn",
    cookieDomain: "amazonaws.cn",
    console: "console.amazonaws.cn",
    signIn: (region) => `${region}.signin.amazonaws.cn`,
    newer: [
      (instance, region) => `${instance}.portal.${region}.app.amazonwebservices.com.cn`,
      (instance, region) => `${instance}.${region}.portal.amazonaws.com.cn`,
    ],
    shared: "home.awsapps.cn",
  },
  {
    partition: "aws-eusc",
    api: "amazonaws.eu",
    // One region, and no host without its label.
    federation: (region) => `${region}.signin.amazonaws-eusc.eu`,
    cookieDomain: "amazonaws-eusc.eu",
    console: "console.amazonaws-eusc.eu",
    signIn: (region) => `${region}.signin.amazonaws-eusc.eu`,
    newer: [
      (instance, region) => `${instance}.portal.${region}.api.amazonwebservices.eu`,
      (instance, region) => `${instance}.${region}.portal.amazonaws.eu`,
    ],
  },
];

export const PARTITIONS: readonly PartitionNames[] = [AWS, ...OTHERS];

const PREFIX: Readonly<Record<string, string>> = {
  "aws-us-gov": "us-gov-",
  "aws-cn": "cn-",
  "aws-eusc": "eusc-",
};

export const namesIn = (region: string): PartitionNames =>
  OTHERS.find(({ partition }) => region.startsWith(PREFIX[partition]!)) ?? AWS;

/** One way to a directory's portal. */
export interface PortalAddress {
  readonly host: string;
  /** The path at which the page lives, with a slash at the end. */
  readonly home: string;
}

interface Named {
  readonly id: string;
  readonly alias: string;
  readonly instanceId: string;
  readonly region: string;
}

/** Every address of a directory's portal; the first is the one that people are given. */
export function portalAddresses({ id, alias, instanceId, region }: Named): readonly PortalAddress[] {
  const { partition, newer, shared } = namesIn(region);
  const names = [alias, id];
  const classic =
    shared === undefined
      ? names.map((name) => ({ host: `${name}.awsapps.com`, home: "/start/" }))
      : [`start.${shared}`, `start.${region}.${shared}`].flatMap((host) =>
          names.map((name) => ({ host, home: `/directory/${name}/` })),
        );
  const own = newer.map((host) => ({ host: host(instanceId, region), home: "/" }));
  return partition === "aws-eusc" ? own : [...classic, ...own];
}
