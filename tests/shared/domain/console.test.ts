import { CONSOLE_SERVICES, consolePage } from "@jcfetch/shared/domain/console";
import { describe, expect, it } from "vitest";

const url = (destination?: string, region?: string): string => {
  const page = consolePage(destination, region);
  return page.ok ? `${page.value.partition} ${page.value.url}` : page.error;
};

describe("a page of the console", () => {
  it.each([
    [undefined, undefined, "aws https://console.aws.amazon.com/console/home"],
    [undefined, "eu-west-1", "aws https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1"],
    ["s3", undefined, "aws https://console.aws.amazon.com/s3/home"],
    ["lambda", "us-east-2", "aws https://us-east-2.console.aws.amazon.com/lambda/home?region=us-east-2"],
    [
      "logs",
      "us-gov-west-1",
      "aws-us-gov https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#logsV2:log-groups",
    ],
    ["ec2", "cn-north-1", "aws-cn https://cn-north-1.console.amazonaws.cn/ec2/home?region=cn-north-1"],
    [
      "iam",
      "eusc-de-east-1",
      "aws-eusc https://eusc-de-east-1.console.amazonaws-eusc.eu/iam/home?region=eusc-de-east-1",
    ],
  ])("[US11] of %s in %s", (destination, region, wanted) => {
    expect(url(destination, region)).toBe(wanted);
  });

  const WEST = "aws https://eu-west-1.console.aws.amazon.com/";
  it.each([
    ["arn:aws:s3:::my.bucket", "aws https://console.aws.amazon.com/s3/buckets/my.bucket"],
    ["arn:aws:s3:::b/a b&c/d", "aws https://console.aws.amazon.com/s3/object/b?prefix=a%20b%26c%2Fd"],
    ["arn:aws:lambda:eu-west-1:1:function:f:live", `${WEST}lambda/home?region=eu-west-1#/functions/f`],
    ["arn:aws:iam::1:role/path/R", "aws https://console.aws.amazon.com/iam/home#/roles/details/R"],
    ["arn:aws-cn:iam::1:user/U", "aws-cn https://console.amazonaws.cn/iam/home#/users/details/U"],
    [
      "arn:aws:ec2:eu-west-1:1:instance/i-1",
      `${WEST}ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-1`,
    ],
    [
      "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:*",
      `${WEST}cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Ff`,
    ],
    [
      "arn:aws-us-gov:dynamodb:us-gov-east-1:1:table/T/index/I",
      "aws-us-gov https://us-gov-east-1.console.amazonaws-us-gov.com/dynamodbv2/home?region=us-gov-east-1#table?name=T",
    ],
    [
      "arn:aws:secretsmanager:eu-west-1:1:secret:a/b-AbCdEf",
      `${WEST}secretsmanager/secret?name=a%2Fb&region=eu-west-1`,
    ],
    [
      "arn:aws-eusc:kms:eusc-de-east-1:1:key/k",
      "aws-eusc https://eusc-de-east-1.console.amazonaws-eusc.eu/kms/home?region=eusc-de-east-1#/kms/keys/k",
    ],
    ["arn:aws:ecs:eu-west-1:1:service/c/s", `${WEST}ecs/v2/clusters/c/services/s?region=eu-west-1`],
    ["arn:aws:sqs:eu-west-1:1:queue", `${WEST}sqs/v3/home?region=eu-west-1`],
    ["arn:aws:newthing:eu-west-1:1:x/y", `${WEST}newthing/home?region=eu-west-1`],
  ])("[US11] of %s", (arn, wanted) => {
    expect(url(arn, undefined)).toBe(wanted);
  });

  it("[US11] of an ARN is in the ARN's own region, and in the profile's where it has none and the partition fits", () => {
    expect(url("arn:aws:kms:eu-west-1:1:key/k", "us-east-1")).toContain("//eu-west-1.");
    expect(url("arn:aws:s3:::b", "us-east-1")).toContain("//us-east-1.");
    expect(url("arn:aws-cn:s3:::b", "us-east-1")).toBe("aws-cn https://console.amazonaws.cn/s3/buckets/b");
  });

  it.each([
    ["https://console.aws.amazon.com/ec2/home#x", "aws"],
    ["https://eu-west-1.console.aws.amazon.com/", "aws"],
    ["https://us-east-1.quicksight.aws.amazon.com/sn/start", "aws"],
    ["https://console.amazonaws-us-gov.com/", "aws-us-gov"],
    ["https://cn-north-1.console.amazonaws.cn/s3", "aws-cn"],
    ["https://eusc-de-east-1.console.amazonaws-eusc.eu/", "aws-eusc"],
  ])("[US11] is %s itself", (address, partition) => {
    expect(url(address)).toBe(`${partition} ${address}`);
  });

  it.each([
    ["https://evil.example/", "not-a-console"],
    ["https://console.aws.amazon.com.evil.example/", "not-a-console"],
    ["https://evilconsole.amazonaws.cn.example/", "not-a-console"],
    ["https://xconsole.aws.amazon.com@evil.example/", "not-a-console"],
    ["http://console.aws.amazon.com/", "not-a-console"],
    ["https://console.aws.amazon.com:8443/", "not-a-console"],
    ["https://", "not-a-console"],
    ["arn:aws:s3", "not-an-arn"],
    ["arn:aws-iso:s3:::b", "not-an-arn"],
    ["arn:aws:s3:evil.example/x:1:b", "not-an-arn"],
    ["arn:aws:../x::1:b", "not-an-arn"],
    ["lamda", "unknown-service"],
    ["constructor", "unknown-service"],
    ["javascript:alert(1)", "unknown-service"],
  ])("[US11] is none for %s", (text, problem) => {
    expect(url(text, "eu-west-1")).toBe(problem);
  });

  it("[US11] of every service is an address of that partition alone", () => {
    for (const service of CONSOLE_SERVICES) {
      for (const [region, host] of [
        ["eu-west-1", "eu-west-1.console.aws.amazon.com"],
        ["us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"],
        ["cn-north-1", "cn-north-1.console.amazonaws.cn"],
        ["eusc-de-east-1", "eusc-de-east-1.console.amazonaws-eusc.eu"],
      ] as const) {
        const page = consolePage(service, region);
        expect(page.ok && new URL(page.value.url).hostname).toBe(host);
      }
    }
  });
});
