import { namesIn, type PartitionNames, type PortalAddress, portalAddresses } from "./partitions.ts";
import { stableHex } from "./tokens.ts";
import type { AccountSpec, DirectorySpec, PortalSpec, RoleSpec } from "./world/spec.ts";

/** An Identity Center instance at work: the spec, the switches, and what one user may see in it. */
export class Directory {
  readonly spec: DirectorySpec;
  /** The portal's switches; tests may change them while the world runs. */
  portal: PortalSpec;
  refreshRotation: DirectorySpec["refreshRotation"];

  constructor(spec: DirectorySpec) {
    this.spec = spec;
    this.portal = spec.portal;
    this.refreshRotation = spec.refreshRotation;
  }

  get id(): string {
    return this.spec.id;
  }

  get region(): string {
    return this.spec.region;
  }

  /** The hosts on which this directory's portal answers. */
  get hosts(): readonly string[] {
    return [...new Set(this.addresses.map(({ host }) => host))];
  }

  get addresses(): readonly PortalAddress[] {
    return portalAddresses(this.spec);
  }

  get names(): PartitionNames {
    return namesIn(this.region);
  }

  /** Where the portal's page lives, for somebody who came to this address; undefined when it is not this directory's. */
  homeAt({ hostname, pathname }: URL): string | undefined {
    const here = this.addresses.filter(({ host }) => host === hostname);
    const meant = here.find(({ home }) => `${pathname}/`.startsWith(home)) ?? here[0];
    const isShared = meant?.home.startsWith("/directory/") && !`${pathname}/`.startsWith(meant.home);
    return isShared ? undefined : meant?.home;
  }

  /** `https://acme.awsapps.com/start`, or what stands for it in other partitions. */
  get startUrl(): string {
    const { host, home } = this.addresses[0]!;
    return `https://${host}${home.replace(/\/$/, "")}`;
  }

  acsUrl(): string {
    return `https://${this.names.signIn(this.region)}/platform/saml/acs/${this.spec.tenantId}`;
  }

  /** What the service is called in SAML: its audience. */
  audience(): string {
    return `https://${this.region}.signin.aws.amazon.com/platform/saml/${this.spec.id}`;
  }

  hasUser(user: string): boolean {
    return this.spec.assignments[user] !== undefined;
  }

  accountsOf(user: string): readonly AccountSpec[] {
    const assigned = this.spec.assignments[user];
    if (assigned === undefined) return [];
    if (assigned === "all") return this.spec.accounts;
    return this.spec.accounts.filter((account) => assigned[account.id] !== undefined);
  }

  /** The user's roles in an account; undefined when the account is not theirs. */
  rolesOf(user: string, accountId: string): readonly RoleSpec[] | undefined {
    const account = this.accountsOf(user).find(({ id }) => id === accountId);
    if (account === undefined) return undefined;
    const assigned = this.spec.assignments[user];
    if (assigned === "all") return account.roles;
    const names = assigned?.[accountId] ?? [];
    return account.roles.filter(({ name }) => names.includes(name));
  }

  applicationInstanceId(accountId: string): string {
    return `ins-${stableHex(`${this.spec.id} ${accountId}`)}`;
  }

  profileId(accountId: string, roleName: string): string {
    return `p-${stableHex(`${this.spec.id} ${accountId} ${roleName}`)}`;
  }

  /** The IAM role that Identity Center made for a permission set. */
  iamRole(accountId: string, roleName: string): string {
    return `AWSReservedSSO_${roleName}_${stableHex(`${accountId} ${roleName}`)}`;
  }
}
