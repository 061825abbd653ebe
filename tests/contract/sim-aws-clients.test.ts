import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Sim, startSim } from "../sim/start.ts";

/** Debian's own clients, by full path: another AWS CLI may stand before them on the PATH. */
const PYTHON = "/usr/bin/python3";
const AWS = "/usr/bin/aws";
const BOTO3_USER = fileURLToPath(new URL("sim-aws-clients.py", import.meta.url));

let sim: Sim;
let home: string;

beforeAll(async () => {
  sim = await startSim();
  home = await mkdtemp(join(tmpdir(), "jcfetch-aws-"));
});
afterEach(() => expect(sim.world.unknownCalls).toEqual([]));
afterAll(async () => {
  await sim.close();
  await rm(home, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Runs a client in an environment of nothing but what is given, so that no real profile can leak in. */
function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  stdin = "",
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { PATH: "/usr/bin:/bin", HOME: home, AWS_EC2_METADATA_DISABLED: "true", AWS_PAGER: "", ...env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin);
  });
}

/** Calls `aws sso …`; the token goes in a file, since arguments are for everybody to see. */
async function sso(command: string, input: Record<string, unknown>): Promise<Outcome> {
  const file = join(home, `${command}.json`);
  await writeFile(file, JSON.stringify(input), { mode: 0o600 });
  const args = ["--endpoint-url", sim.origin, "--region", "us-east-1", "sso", command];
  return run(AWS, [...args, "--cli-input-json", `file://${file}`]);
}

function signed(args: readonly string[], keys: Keys): Promise<Outcome> {
  return run(AWS, ["--endpoint-url", sim.origin, ...args], {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_MAX_ATTEMPTS: "1",
  });
}

describe("AWS's own clients take the simulator for AWS", () => {
  test("boto3 lists all accounts and roles, gets credentials, and is refused as by AWS", async () => {
    const input = {
      origin: sim.origin,
      token: sim.signIn("ana", "acme"),
      startUrl: "https://acme.awsapps.com/start",
    };
    const outcome = await run(PYTHON, [BOTO3_USER], {}, JSON.stringify(input));
    expect(outcome.stderr).toBe("");
    const got = JSON.parse(outcome.stdout);
    expect(got).toMatchObject({
      pages: 4,
      accounts: 307,
      nameless: 2,
      roles: 30,
      account: "999999999999",
      buckets: ["storage-archive", "storage-backups", "storage-public-assets"],
      device: {
        pending: { code: "AuthorizationPendingException", status: 400 },
        expiresIn: 3600,
        hasRefreshToken: true,
        accountsOnFirstPage: 90,
      },
      refusals: {
        stsWrongSecret: { code: "SignatureDoesNotMatch", status: 403 },
        s3WrongSecret: { code: "SignatureDoesNotMatch", status: 403 },
        stsUnknownKey: { code: "InvalidClientTokenId", status: 403 },
        stsWrongToken: { code: "InvalidClientTokenId", status: 403 },
        s3NotAllowed: { code: "AccessDenied", status: 403 },
        deadToken: {
          code: "UnauthorizedException",
          message: "Session token not found or invalid",
          status: 401,
        },
        noRole: { code: "ForbiddenException", message: "No access", status: 403 },
      },
    });
    expect(got.arn).toMatch(
      /^arn:aws:sts::999999999999:assumed-role\/AWSReservedSSO_S3Admin_[0-9a-f]{16}\/ana@acme\.example$/,
    );
    expect(Math.abs(got.expiration - (Date.now() + 3600_000))).toBeLessThan(60_000);
  });

  test("the AWS CLI lists all accounts and the roles of one", async () => {
    const accessToken = sim.signIn("ana", "acme");
    const accounts = await sso("list-accounts", { accessToken });
    expect(accounts.stderr).toBe("");
    const { accountList } = JSON.parse(accounts.stdout);
    expect(new Set(accountList.map(({ accountId }: { accountId: string }) => accountId)).size).toBe(307);

    const roles = await sso("list-account-roles", { accessToken, accountId: "444455556666" });
    expect(JSON.parse(roles.stdout).roleList).toEqual([
      { roleName: "ReadOnly", accountId: "444455556666" },
      { roleName: "Admin", accountId: "444455556666" },
    ]);
  });

  test("the AWS CLI works with issued credentials and not with a changed secret", async () => {
    const accessToken = sim.signIn("ana", "acme");
    const issued = await sso("get-role-credentials", {
      accessToken,
      accountId: "999999999999",
      roleName: "S3Admin",
    });
    const keys = JSON.parse(issued.stdout).roleCredentials;
    const identity = await signed(["sts", "get-caller-identity"], keys);
    expect(JSON.parse(identity.stdout).Account).toBe("999999999999");
    const buckets = await signed(["s3", "ls"], keys);
    expect(buckets.stdout.trim().split("\n")).toHaveLength(3);

    const changed = { ...keys, secretAccessKey: `${keys.secretAccessKey.slice(0, -1)}_` };
    const refused = await signed(["sts", "get-caller-identity"], changed);
    expect(refused.code).toBe(254);
    expect(refused.stderr).toContain("(SignatureDoesNotMatch) when calling the GetCallerIdentity operation");
    expect((await signed(["s3", "ls"], changed)).stderr).toContain("(SignatureDoesNotMatch)");
  });

  test("the AWS CLI is told that credentials have expired", async () => {
    await using later = await startSim();
    const keys = later.world.credentials.issue(
      later.world.user("ana"),
      later.world.directory("acme"),
      "999999999999",
      { name: "S3Admin", sessionSeconds: -1, mayListBuckets: true },
    );
    const outcome = await run(AWS, ["--endpoint-url", later.origin, "sts", "get-caller-identity"], {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      AWS_DEFAULT_REGION: "us-east-1",
    });
    expect(outcome.stderr).toContain("(ExpiredToken)");
  });
});
