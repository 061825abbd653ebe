import { err, ok, type Result } from "../result.ts";
import type { Partition } from "./portal.ts";

/** A page of the AWS console, and the partition whose sign-in leads there. */
export interface ConsolePage {
  readonly partition: Partition;
  readonly url: string;
  /** In its address, if one is. */
  readonly region?: string;
}

export type ConsoleProblem = "unknown-service" | "not-an-arn" | "not-a-console";

/** @source AWS General Reference, "AWS Management Console endpoints" of each partition. */
const HOST: Readonly<Record<Partition, string>> = {
  aws: "console.aws.amazon.com",
  "aws-us-gov": "console.amazonaws-us-gov.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-eusc": "console.amazonaws-eusc.eu",
};

/** Other consoles than the one under `console.`, such as `us-east-1.quicksight.aws.amazon.com`, share its sign-in. */
const SUFFIX: Readonly<Record<Partition, string>> = {
  aws: ".aws.amazon.com",
  "aws-us-gov": ".amazonaws-us-gov.com",
  "aws-cn": ".amazonaws.cn",
  "aws-eusc": ".amazonaws-eusc.eu",
};

const PARTITIONS = Object.keys(HOST) as readonly Partition[];

/** Of any region, new ones included: AWS names regions so that it shows. */
export function partitionOfRegionName(region: string): Partition {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("eusc-") ? "aws-eusc" : "aws";
}

/** What people call a service, and its page; everything after `#` comes last. */
const SERVICES: Readonly<Record<string, string>> = {
  acm: "acm/home",
  amplify: "amplify/home",
  apigateway: "apigateway/main/apis",
  apigw: "apigateway/main/apis",
  appconfig: "systems-manager/appconfig",
  athena: "athena/home",
  autoscaling: "ec2/home#AutoScalingGroups:",
  backup: "backup/home",
  batch: "batch/home",
  bedrock: "bedrock/home",
  billing: "costmanagement/home",
  cf: "cloudfront/v4/home",
  cfn: "cloudformation/home",
  cloudformation: "cloudformation/home",
  cloudfront: "cloudfront/v4/home",
  cloudshell: "cloudshell/home",
  cloudtrail: "cloudtrailv2/home",
  cloudwatch: "cloudwatch/home",
  codebuild: "codesuite/codebuild/projects",
  codepipeline: "codesuite/codepipeline/pipelines",
  cognito: "cognito/v2/home",
  config: "config/home",
  costs: "costmanagement/home#/cost-explorer",
  cw: "cloudwatch/home",
  ddb: "dynamodbv2/home",
  dms: "dms/v2/home",
  dynamodb: "dynamodbv2/home",
  ec2: "ec2/home",
  ecr: "ecr/repositories",
  ecs: "ecs/v2/clusters",
  efs: "efs/home",
  eks: "eks/home",
  elasticache: "elasticache/home",
  elb: "ec2/home#LoadBalancers:",
  emr: "emr/home",
  eventbridge: "events/home",
  events: "events/home",
  glue: "gluestudio/home",
  guardduty: "guardduty/home",
  home: "console/home",
  iam: "iam/home",
  inspector: "inspector/v2/home",
  kinesis: "kinesis/home",
  kms: "kms/home",
  lambda: "lambda/home",
  logs: "cloudwatch/home#logsV2:log-groups",
  msk: "msk/home",
  opensearch: "aos/home",
  organizations: "organizations/v2/home",
  r53: "route53/v2/home",
  rds: "rds/home",
  redshift: "redshiftv2/home",
  route53: "route53/v2/home",
  s3: "s3/home",
  sagemaker: "sagemaker/home",
  secrets: "secretsmanager/listsecrets",
  secretsmanager: "secretsmanager/listsecrets",
  securityhub: "securityhub/home",
  servicequotas: "servicequotas/home",
  ses: "ses/home",
  sfn: "states/home",
  sns: "sns/v3/home",
  sqs: "sqs/v3/home",
  ssm: "systems-manager/home",
  sso: "singlesignon/home",
  states: "states/home",
  stepfunctions: "states/home",
  support: "support/home",
  trustedadvisor: "trustedadvisor/home",
  vpc: "vpcconsole/home",
  waf: "wafv2/homev2",
  xray: "xray/home",
};

export const CONSOLE_SERVICES: readonly string[] = Object.keys(SERVICES);

/**
 * The page for a service's name, an ARN or an address; the console's home without one. A region in an ARN or an address is
 * that of the page, whatever else was said.
 */
export function consolePage(
  destination: string | undefined,
  region: string | undefined,
): Result<ConsolePage, ConsoleProblem> {
  if (destination === undefined) return ok(pageOf("console/home", region));
  if (destination.startsWith("arn:")) return ofArn(destination, region);
  if (/^https?:/i.test(destination)) return ofAddress(destination);
  const path = Object.hasOwn(SERVICES, destination) ? SERVICES[destination] : undefined;
  return path === undefined ? err("unknown-service") : ok(pageOf(path, region));
}

function pageOf(
  place: string,
  region: string | undefined,
  partition: Partition = partitionOfRegionName(region ?? ""),
): ConsolePage {
  const [path, fragment] = place.split(/#(.*)/s);
  const label = region === undefined ? "" : `${region}.`;
  const query = region === undefined ? "" : `${path?.includes("?") ? "&" : "?"}region=${region}`;
  const url = `https://${label}${HOST[partition]}/${path}${query}${fragment === undefined ? "" : `#${fragment}`}`;
  return { partition, url, ...(region === undefined ? {} : { region }) };
}

function ofAddress(text: string): Result<ConsolePage, ConsoleProblem> {
  if (!URL.canParse(text)) return err("not-a-console");
  const url = new URL(text);
  const plain = url.protocol === "https:" && url.port === "" && url.username === "" && url.password === "";
  const partition = PARTITIONS.find(
    (one) => url.hostname === HOST[one] || url.hostname.endsWith(SUFFIX[one]),
  );
  return plain && partition !== undefined ? ok({ partition, url: url.href }) : err("not-a-console");
}

interface Arn {
  readonly service: string;
  readonly region: string;
  readonly resource: string;
  readonly text: string;
}

function ofArn(text: string, region: string | undefined): Result<ConsolePage, ConsoleProblem> {
  const [, partition, service = "", own = "", , ...rest] = text.split(":");
  const known = PARTITIONS.find((one) => one === partition);
  const resource = rest.join(":");
  if (!known || !/^[a-z0-9-]+$/.test(service) || !/^[a-z0-9-]*$/.test(own) || resource === "") {
    return err("not-an-arn");
  }
  const page = ARN_PAGES[service]?.({ service, region: own, resource, text });
  const place = page ?? (Object.hasOwn(SERVICES, service) ? SERVICES[service] : `${service}/home`);
  // Of another partition than the one it was said for, a region would lead nowhere.
  const fitting = region !== undefined && partitionOfRegionName(region) === known ? region : undefined;
  return ok(pageOf(place as string, own === "" ? fitting : own, known));
}

const encoded = encodeURIComponent;

/** `function:name:alias` → `name` */
const part = (text: string, separator: RegExp, index: number): string | undefined =>
  text.split(separator)[index];

/** What follows a kind of resource: `role/path/name` of `role/` → `path/name`. */
const after = (text: string, start: string): string | undefined =>
  text.startsWith(start) && text.length > start.length ? text.slice(start.length) : undefined;

/** CloudWatch's own encoding: twice, with `$` for `%`. */
const forLogs = (name: string): string => encoded(encoded(name)).replaceAll("%", "$");

type ArnPage = (arn: Arn) => string | undefined;

const to = (place: (name: string) => string, name: string | undefined): string | undefined =>
  name === undefined || name === "" ? undefined : place(name);

/** Where the console shows one resource; whatever is not here opens its service. */
const ARN_PAGES: Readonly<Record<string, ArnPage | undefined>> = {
  cloudformation: ({ text }) => `cloudformation/home#/stacks/stackinfo?stackId=${encoded(text)}`,
  dynamodb: ({ resource }) =>
    to(
      (name) => `dynamodbv2/home#table?name=${encoded(name)}`,
      part(after(resource, "table/") ?? "", /\//, 0),
    ),
  ec2: ({ resource }) =>
    to((id) => `ec2/home#InstanceDetails:instanceId=${encoded(id)}`, after(resource, "instance/")) ??
    to((id) => `ec2/home#VolumeDetails:volumeId=${encoded(id)}`, after(resource, "volume/")) ??
    to((id) => `ec2/home#SecurityGroup:groupId=${encoded(id)}`, after(resource, "security-group/")) ??
    to((id) => `vpcconsole/home#VpcDetails:VpcId=${encoded(id)}`, after(resource, "vpc/")) ??
    to((id) => `vpcconsole/home#SubnetDetails:subnetId=${encoded(id)}`, after(resource, "subnet/")),
  ecs: ({ resource }) => {
    const [kind, cluster, service] = resource.split("/");
    if (kind === "cluster") return to((name) => `ecs/v2/clusters/${encoded(name)}/services`, cluster);
    if (kind !== "service" || !cluster) return undefined;
    return to((name) => `ecs/v2/clusters/${encoded(cluster)}/services/${encoded(name)}`, service);
  },
  eks: ({ resource }) => to((name) => `eks/clusters/${encoded(name)}`, after(resource, "cluster/")),
  iam: ({ resource }) => {
    const [kind] = resource.split("/");
    const name = resource.split("/").at(-1);
    if (kind === "role") return to((one) => `iam/home#/roles/details/${encoded(one)}`, name);
    return kind === "user" ? to((one) => `iam/home#/users/details/${encoded(one)}`, name) : undefined;
  },
  kms: ({ resource }) => to((id) => `kms/home#/kms/keys/${encoded(id)}`, after(resource, "key/")),
  lambda: ({ resource }) =>
    to((name) => `lambda/home#/functions/${encoded(name)}`, part(after(resource, "function:") ?? "", /:/, 0)),
  logs: ({ resource }) =>
    to(
      (name) => `cloudwatch/home#logsV2:log-groups/log-group/${forLogs(name)}`,
      part(after(resource, "log-group:") ?? "", /:/, 0),
    ),
  s3: ({ resource }) => {
    const [bucket = "", key] = resource.split(/\/(.*)/s);
    return key ? `s3/object/${encoded(bucket)}?prefix=${encoded(key)}` : `s3/buckets/${encoded(bucket)}`;
  },
  secretsmanager: ({ resource }) =>
    to(
      (name) => `secretsmanager/secret?name=${encoded(name)}`,
      after(resource, "secret:")?.replace(/-[A-Za-z0-9]{6}$/, ""),
    ),
  sns: ({ resource, text }) => (resource.includes(":") ? undefined : `sns/v3/home#/topic/${text}`),
  states: ({ resource, text }) =>
    resource.startsWith("stateMachine:") ? `states/home#/statemachines/view/${encoded(text)}` : undefined,
};
