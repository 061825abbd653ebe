import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { Secret } from "@jcfetch/shared/secret";
import fc from "fast-check";

export const EXPIRES_AT_MS = Date.UTC(2030, 11, 1, 10, 20, 30, 999);
export const CONTEXT = { account: "111122223333", role: "S3Admin" };

export const sample = (values: Partial<Record<"id" | "secret" | "token", string>> = {}): RoleCredentials => ({
  accessKeyId: values.id ?? "ASIAEXAMPLE",
  secretAccessKey: new Secret(values.secret ?? "abc/def+ghi"),
  sessionToken: new Secret(values.token ?? "FwoGZXIvYXdzE=="),
  expiresAtMs: EXPIRES_AT_MS,
});

/** All that shells, consoles and parsers treat in some way of their own, and text between. */
const hostile = fc.constantFrom(
  ..."\"'`$\\!%^&|<>()[]{}*?~#;=: ,.@+-/_aZ9".split(""),
  "‘",
  "’",
  "‚",
  "‛",
  "“",
  "$(echo x)",
  "`id`",
  "%PATH%",
  "!!",
  "\\n",
  "é",
  "\u{1f511}",
);
export const hostileText = fc.array(hostile, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""));

/** What must not reach a terminal, quoted or not. */
export const unpasteable = fc
  .tuple(
    hostileText,
    fc.constantFrom("\n", "\r", "\0", "\t", "\u001b", "\u007f", "\u0085", "\u2028", "\ud800"),
    hostileText,
  )
  .map((parts) => parts.join(""));
