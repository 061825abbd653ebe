import * as v from "valibot";

export const AccountId = v.pipe(
  v.string(),
  v.regex(/^\d{12}$/, "an AWS account id has 12 digits"),
  v.brand("AccountId"),
);
export type AccountId = v.InferOutput<typeof AccountId>;

/** A permission set's name as the portal API takes it. @source IAM Identity Center API, CreatePermissionSet `Name`. */
export const RoleName = v.pipe(
  v.string(),
  v.regex(/^[\w+=,.@-]{1,64}$/, "a role name has 1 to 64 of A-Z a-z 0-9 _ + = , . @ -"),
  v.brand("RoleName"),
);
export type RoleName = v.InferOutput<typeof RoleName>;

const HASH_ID = /^[a-z2-7]{26}$/;

/** First 130 bits of SHA-256 over the extension's public signing key (SPKI), base32. */
export const UserId = v.pipe(v.string(), v.regex(HASH_ID), v.brand("UserId"));
export type UserId = v.InferOutput<typeof UserId>;

/** The same over a device's public signing key. */
export const DeviceId = v.pipe(v.string(), v.regex(HASH_ID), v.brand("DeviceId"));
export type DeviceId = v.InferOutput<typeof DeviceId>;

/** SHA-256 of the broker's public signing key, base64url: what everybody pins. */
export const BrokerId = v.pipe(v.string(), v.regex(/^[\w-]{43}$/), v.brand("BrokerId"));
export type BrokerId = v.InferOutput<typeof BrokerId>;
