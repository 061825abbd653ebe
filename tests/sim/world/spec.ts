/** The shapes of the world file: everything that exists before anybody signs in. */

export interface WorldSpec {
  readonly directories: readonly DirectorySpec[];
  readonly users: readonly UserSpec[];
  readonly jumpcloud: JumpCloudSpec;
}

export interface JumpCloudSpec {
  /** The console forgets a session after this long without a request. */
  readonly idleSessionMinutes: number;
  /** A Protect push that nobody answers dies after this long. */
  readonly pushSeconds: number;
  readonly organization: string;
}

/** One IAM Identity Center instance with its portal. */
export interface DirectorySpec {
  /** The name tests use: `acme`. */
  readonly name: string;
  /** `d-` and ten hex digits. */
  readonly id: string;
  readonly alias: string;
  /** `ssoins-` and sixteen hex digits. */
  readonly instanceId: string;
  readonly tenantId: string;
  readonly region: string;
  /** What the admin called the app at JumpCloud: the last part of `sso.jumpcloud.com/saml2/<app>`. */
  readonly idpApp: string;
  readonly idpLabel: string;
  readonly sessionSeconds: number;
  readonly portal: PortalSpec;
  readonly pages: PageSizes;
  /** Strict: a refresh token used twice ends its grant. Lenient: the older one goes on working. */
  readonly refreshRotation: "strict" | "lenient";
  readonly accounts: readonly AccountSpec[];
  /** By user name: every role of every account, or a few by account id. */
  readonly assignments: Readonly<Record<string, "all" | Readonly<Record<string, readonly string[]>>>>;
  readonly applications: readonly ApplicationSpec[];
}

/** What differs between portals in the wild, and may be switched while the world runs. */
export interface PortalSpec {
  readonly generation: 1 | 2 | 3;
  readonly cookieName: "x-amz-sso_authn" | "__Host-idc-access-portal-authn";
  readonly cookiePath: "/" | "/start/";
  /** Where the page tells its region: `env` as today, the others as older or stripped portals do. */
  readonly regionHint: "env" | "meta" | "assets" | "csp" | "none";
  /** How late the token cookie appears after the sign-in has come back. */
  readonly cookieDelayMs: number;
}

export interface PageSizes {
  readonly accounts: number;
  readonly roles: number;
  readonly applications: number;
}

export interface AccountSpec {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly roles: readonly RoleSpec[];
  readonly buckets: readonly string[];
}

export interface RoleSpec {
  readonly name: string;
  readonly sessionSeconds: number;
  readonly mayListBuckets: boolean;
}

/** A tile of the portal that is no AWS account. */
export interface ApplicationSpec {
  readonly id: string;
  readonly name: string;
}

export interface UserSpec {
  /** The name tests use: `ana`. */
  readonly name: string;
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Fake, and written here so that anybody can sign in. */
  readonly password: string;
  /** Base32, for users with an authenticator app. */
  readonly totpSecret?: string;
  /** The user has JumpCloud Protect on a phone. */
  readonly push: boolean;
}
