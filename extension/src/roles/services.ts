import { type Partition, partitionOf, type Region } from "@jcfetch/shared/domain/portal";

/** A service of AWS, as its console names it. */
export interface Service {
  readonly name: string;
  /** Its page below the console's host. */
  readonly path: string;
  /** What else people call it, in English: found by it, never shown. */
  readonly also: string;
}

/**
 * Name, page, other names. Names are AWS's own and are not translated.
 * @source the AWS console's addresses, as its service menu has them.
 */
const TABLE: readonly (readonly [string, string, string?])[] = [
  ["Console Home", "console/home", "start dashboard"],
  ["API Gateway", "apigateway", "rest http api"],
  ["App Runner", "apprunner", "containers"],
  ["AppSync", "appsync", "graphql"],
  ["Athena", "athena", "sql query"],
  ["Auto Scaling", "ec2/home#AutoScalingGroups:", "asg groups"],
  ["AWS Backup", "backup", "restore vault"],
  ["Batch", "batch", "jobs"],
  ["Bedrock", "bedrock", "ai llm models claude"],
  ["Billing and Cost Management", "costmanagement", "costs invoices budget"],
  ["Certificate Manager", "acm", "acm tls ssl"],
  ["CloudFormation", "cloudformation", "cfn stacks"],
  ["CloudFront", "cloudfront/v4", "cdn"],
  ["CloudShell", "cloudshell", "shell terminal"],
  ["CloudTrail", "cloudtrailv2", "audit events"],
  ["CloudWatch", "cloudwatch", "metrics alarms dashboards"],
  ["CloudWatch Logs", "cloudwatch/home#logsV2:log-groups", "log groups insights"],
  ["CodeBuild", "codesuite/codebuild", "ci"],
  ["CodePipeline", "codesuite/codepipeline", "cd"],
  ["Cognito", "cognito/v2", "user pools"],
  ["Config", "config", "compliance rules"],
  ["Cost Explorer", "costmanagement/home#/cost-explorer", "costs billing"],
  ["Database Migration Service", "dms/v2", "dms"],
  ["Direct Connect", "directconnect/v2", "dx"],
  ["DocumentDB", "docdb", "mongo"],
  ["DynamoDB", "dynamodbv2", "ddb tables nosql"],
  ["EC2", "ec2", "instances servers vm compute"],
  ["EFS", "efs", "elastic file system nfs"],
  ["Elastic Beanstalk", "elasticbeanstalk", "eb"],
  ["Elastic Container Registry", "ecr", "ecr docker images"],
  ["Elastic Container Service", "ecs/v2", "ecs fargate containers"],
  ["Elastic Kubernetes Service", "eks", "eks k8s"],
  ["ElastiCache", "elasticache", "redis valkey memcached"],
  ["EMR", "emr", "hadoop spark"],
  ["EventBridge", "events", "events rules bus scheduler"],
  ["Glue", "gluestudio", "etl catalog"],
  ["GuardDuty", "guardduty", "threats findings"],
  ["Health Dashboard", "health", "status incidents"],
  ["IAM", "iam", "users policies roles identity"],
  ["IAM Identity Center", "singlesignon", "sso"],
  ["Inspector", "inspector/v2", "vulnerabilities"],
  ["Key Management Service", "kms", "kms keys encryption"],
  ["Kinesis", "kinesis", "streams"],
  ["Lambda", "lambda", "functions serverless"],
  ["Lightsail", "ls", "vps"],
  ["Load Balancers", "ec2/home#LoadBalancers:", "elb alb nlb"],
  ["MSK", "msk", "kafka"],
  ["Neptune", "neptune", "graph database"],
  ["OpenSearch Service", "aos", "elasticsearch"],
  ["Organizations", "organizations/v2", "accounts scp"],
  ["RDS", "rds", "aurora postgres mysql database"],
  ["Redshift", "redshiftv2", "warehouse"],
  ["Resource Groups and Tags", "resource-groups", "tag editor"],
  ["Route 53", "route53/v2", "dns domains hosted zones"],
  ["S3", "s3", "buckets storage"],
  ["SageMaker AI", "sagemaker", "ml notebooks"],
  ["Secrets Manager", "secretsmanager", "secrets"],
  ["Security Groups", "ec2/home#SecurityGroups:", "firewall sg"],
  ["Security Hub", "securityhub", "findings"],
  ["Service Quotas", "servicequotas", "limits"],
  ["SES", "ses", "mail email"],
  ["SNS", "sns/v3", "notifications topics"],
  ["SQS", "sqs/v3", "queues"],
  ["Step Functions", "states", "state machines sfn"],
  ["Systems Manager", "systems-manager", "ssm"],
  ["Parameter Store", "systems-manager/parameters", "ssm"],
  ["Session Manager", "systems-manager/session-manager", "ssm shell"],
  ["Transfer Family", "transfer", "sftp"],
  ["VPC", "vpcconsole", "network subnets nat"],
  ["WAF & Shield", "wafv2", "firewall ddos"],
];

export const SERVICES: readonly Service[] = TABLE.map(([name, path, also = ""]) => ({ name, path, also }));

/** @source AWS General Reference: the consoles of each partition. */
const CONSOLE_HOST: Readonly<Record<Partition, string>> = {
  aws: "console.aws.amazon.com",
  "aws-us-gov": "console.amazonaws-us-gov.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-eusc": "console.amazonaws-eusc.eu",
};

/** [SW10] A service's page in a region: what `openConsole` takes as its destination. */
export function servicePage({ path }: Service, region: Region): string {
  const [page = "", anchor] = path.split("#");
  const home = page.endsWith("/home") || page.includes("/") ? page : `${page}/home`;
  const hash = anchor === undefined ? "" : `#${anchor}`;
  return `https://${region}.${CONSOLE_HOST[partitionOf(region)]}/${home}?region=${region}${hash}`;
}
