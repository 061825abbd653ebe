import { account, generatedAccounts } from "./accounts.ts";
import type { AccountSpec, WorldSpec } from "./spec.ts";

/**
 * The committed world: two directories in two regions, two people, 307 accounts and the odd names that real ones
 * have. Passwords and authenticator secrets are invented; they open nothing but this simulator.
 */

const LONGEST_NAME = "ThisPermissionSetHasAsManyCharactersAsItsNameMayHaveSixtyFour-64";

/** Present in both directories with the same role, so that only the directory tells them apart. */
const SHARED: AccountSpec = account(
  "555566667777",
  "Shared Services",
  "aws+shared@acme.example",
  ["ReadOnly", "Admin"],
  ["shared-services-logs"],
);

const ACME_NAMED: readonly AccountSpec[] = [
  account(
    "999999999999",
    "Storage",
    "aws+storage@acme.example",
    ["S3Admin", "ReadOnly"],
    ["storage-archive", "storage-backups", "storage-public-assets"],
  ),
  account(
    "111122223333",
    "Data",
    "aws+data@acme.example",
    ["PowerUser", "ReadOnly"],
    ["data-lake-raw", "data-lake-curated"],
  ),
  account(
    "444455556666",
    "Payments",
    "aws+payments-prod@acme.example",
    ["ReadOnly", "Admin"],
    ["payments-prod-ledger"],
  ),
  account("123456789012", "Sandbox 42", "aws+sandbox42@acme.example", ["Admin"], []),
  account("012345678901", "Zürich – Größe & Ärger", "aws+zuerich@acme.example", ["ReadOnly"]),
  account("200000000001", "データ基盤 本番", "aws+tokyo@acme.example", ["Admin", "ReadOnly"]),
  account("200000000002", "🚀 Launch Pad <beta>", "aws+launch@acme.example", ["PowerUser"]),
  account("200000000003", "مختبر", "aws+lab@acme.example", ["ReadOnly"]),
  account("200000000004", undefined, "aws+nameless@acme.example", ["ReadOnly"]),
  account("200000000005", "No Mail", undefined, ["ReadOnly"]),
  account("200000000006", undefined, undefined, ["Admin"]),
  account("200000000007", "Odd Roles", "aws+odd@acme.example", [
    "AuditTrail_Viewer",
    "Break.Glass@Prod",
    "Team+Lead",
    "cost=center,finance",
    "a-role_with.every@sign+in=one,name",
    "X",
    LONGEST_NAME,
  ]),
  account("200000000008", "Empty", "aws+empty@acme.example", []),
  account(
    "200000000009",
    "Thirty Roles",
    "aws+thirty@acme.example",
    Array.from({ length: 30 }, (_, index) => `Squad${String(index + 1).padStart(2, "0")}_Developer`),
  ),
  account("200000000010", "Storage", "aws+storage-copy@acme.example", ["S3Admin"], ["storage-copy"]),
  SHARED,
];

const ACME_TOTAL = 307;

export const world: WorldSpec = {
  directories: [
    {
      name: "acme",
      id: "d-9067642ab1",
      alias: "acme",
      instanceId: "ssoins-7223a1b2c3d4e5f6",
      tenantId: "5f1c0a52-86d3-4be6-9d7a-0b1d6a7c2e11",
      region: "us-east-1",
      idpApp: "aws-acme",
      idpLabel: "AWS IAM Identity Center",
      sessionSeconds: 8 * 3600,
      portal: {
        generation: 3,
        cookieName: "x-amz-sso_authn",
        cookiePath: "/",
        regionHint: "env",
        cookieDelayMs: 0,
      },
      pages: { accounts: 90, roles: 20, applications: 98 },
      refreshRotation: "strict",
      accounts: [
        ...ACME_NAMED,
        ...generatedAccounts(ACME_TOTAL - ACME_NAMED.length, 310_000_000_003, "acme.example"),
      ],
      assignments: {
        ana: "all",
        ben: {
          "111122223333": ["ReadOnly"],
          "123456789012": ["Admin"],
          "999999999999": ["ReadOnly"],
        },
      },
      applications: [{ id: "ins-1f2e3d4c5b6a7988", name: "Acme Wiki" }],
    },
    {
      name: "globex",
      id: "d-9967f0c3d2",
      alias: "globex",
      instanceId: "ssoins-6987f0e1d2c3b4a5",
      tenantId: "c2b7e9d4-13f8-4a60-8e55-91c0ffee2b07",
      region: "eu-central-1",
      idpApp: "aws-globex",
      idpLabel: "AWS (Globex)",
      sessionSeconds: 4 * 3600,
      portal: {
        generation: 2,
        cookieName: "__Host-idc-access-portal-authn",
        cookiePath: "/",
        regionHint: "env",
        cookieDelayMs: 0,
      },
      pages: { accounts: 5, roles: 20, applications: 98 },
      refreshRotation: "lenient",
      accounts: [
        account(
          "777788889999",
          "Globex Core",
          "aws+core@globex.example",
          ["Admin", "ReadOnly"],
          ["globex-core"],
        ),
        account("666677778888", "Globex Produktion", "aws+prod@globex.example", ["ReadOnly", "Betrieb"]),
        SHARED,
        ...generatedAccounts(11, 820_000_000_007, "globex.example"),
      ],
      assignments: { ana: "all" },
      applications: [],
    },
  ],
  users: [
    {
      name: "ana",
      id: "9067642ab1-6b1f0c1e-7a52-4f0d-9c0e-1d2f3a4b5c6d",
      email: "ana@acme.example",
      firstName: "Ana",
      lastName: "Álvarez",
      password: "correct horse battery staple",
      totpSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
      push: false,
    },
    {
      name: "ben",
      id: "9067642ab1-2c9d8e7f-5a41-4b3c-8d2e-9f8e7d6c5b4a",
      email: "ben@acme.example",
      firstName: "Ben",
      lastName: "Okafor",
      password: "tr0ub4dor and three",
      push: true,
    },
  ],
  jumpcloud: { idleSessionMinutes: 60, pushSeconds: 60, organization: "Acme Corporation" },
};
