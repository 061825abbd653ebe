import * as v from "valibot";
import { message } from "./message.ts";
import { PortalRole } from "./view.ts";

const AddressCode = v.pipe(v.string(), v.startsWith("jcm1_"), v.maxLength(1_024));

/** Reads the code of a broker that admits members (`jcm1_…`): its address, and the rest as `enrolPreview` says it. */
export const joinPreview = message(
  "join-preview",
  ["ui"],
  v.strictObject({ code: AddressCode }),
  v.strictObject({
    url: v.string(),
    permission: v.nullable(v.string()),
    replaces: v.nullable(v.string()),
  }),
);

/** Enrol there with the live session of a portal, which that broker sees once. Refusals as of `enrol`, and `not-a-member`. */
export const join = message(
  "join",
  ["ui"],
  v.strictObject({ code: AddressCode, portal: PortalRole.entries.portal }),
  v.strictObject({ url: v.string(), bid: v.string() }),
);
