import { account } from "./accounts.ts";
import type { DirectorySpec, WorldSpec } from "./spec.ts";
import { world } from "./world-file.ts";

/** The world file's first directory, small, as it might stand in another partition. */
function directoryIn(region: string, name: string, digit: string): DirectorySpec {
  return {
    ...world.directories[0]!,
    ...{ name, alias: name, region },
    id: `d-${digit.repeat(10)}`,
    instanceId: `ssoins-${digit.repeat(16)}`,
    tenantId: `5f1c0a52-86d3-4be6-9d7a-${digit.repeat(12)}`,
    idpApp: `aws-${name}`,
    idpLabel: `AWS (${name})`,
    accounts: [
      account("999999999999", "Storage", "aws+storage@acme.example", ["S3Admin", "ReadOnly"]),
      account("111122223333", "Data", "aws+data@acme.example", ["PowerUser", "ReadOnly"]),
    ],
    assignments: { ana: "all" },
    applications: [],
  };
}

/** One small directory in each partition of AWS, and the people of the world file. */
export const partitionsWorld: WorldSpec = {
  ...world,
  directories: [
    directoryIn("us-east-1", "acme", "1"),
    directoryIn("us-gov-west-1", "acme-gov", "2"),
    directoryIn("cn-north-1", "acme-cn", "3"),
    directoryIn("eusc-de-east-1", "acme-eusc", "4"),
  ],
};
