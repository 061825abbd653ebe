import { err } from "../result.ts";
import { isPlain, lines } from "./text.ts";
import type { Format } from "./values.ts";

/**
 * A block of `~/.aws/credentials`, as AWS's portal writes it. Readers differ in comments, quotes and escapes, so only plain
 * values are carried. The block has no place for the expiry or a region that every reader would leave alone.
 */
export const credentials: Format = (values, { profile, account, role }) => {
  const name = profile ?? `${account}_${role}`;
  if (!isPlain(name)) return err({ code: "cannot-carry", field: "profile" });
  const body = lines(
    [
      ["aws_access_key_id", values.accessKeyId],
      ["aws_secret_access_key", values.secretAccessKey],
      ["aws_session_token", values.sessionToken],
    ],
    (key, value) => (isPlain(value) ? `${key}=${value}` : undefined),
  );
  return body.ok ? { ok: true, value: `[${name}]\n${body.value}` } : body;
};
