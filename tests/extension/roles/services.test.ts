import { parseRegion } from "@jcfetch/shared/domain/portal";
import { describe, expect, test } from "vitest";
import { consoleLink, consoleRegion } from "../../../extension/src/roles/console-link.ts";
import { SERVICES, servicePage } from "../../../extension/src/roles/services.ts";

const region = (name: string) => {
  const parsed = parseRegion(name);
  if (!parsed.ok) throw new Error(name);
  return parsed.value;
};
const ROLE = { account: "111122223333", role: "ReadOnly" } as Parameters<typeof consoleLink>[1];

describe("a service's page", () => {
  test.each(["eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"])(
    "[SW10] of each service is one the portal may lead to, in %s",
    (name) => {
      expect(SERVICES.length).toBeGreaterThan(60);
      for (const service of SERVICES) {
        const page = servicePage(service, region(name));
        expect(consoleLink("https://acme.awsapps.com/start", ROLE, page).ok, page).toBe(true);
        expect(consoleRegion(page)).toBe(name);
      }
    },
  );

  test("[SW11] loses the session's label when it is handed on", () => {
    const pasted =
      "https://111122223333-ab12cd34.eu-west-1.console.aws.amazon.com/s3/buckets?region=eu-west-1";
    const link = consoleLink("https://acme.awsapps.com/start", ROLE, pasted);
    const query = new URLSearchParams(link.ok ? link.value.split("?").slice(1).join("?") : "");
    expect(query.get("destination")).toBe(
      "https://eu-west-1.console.aws.amazon.com/s3/buckets?region=eu-west-1",
    );
  });
});
