import * as v from "valibot";

/**
 * How role credentials are brokered. `sealed`: the broker opens the token for one request and calls AWS. `relay`: the
 * extension calls AWS, and the broker passes on what it cannot read.
 */
export const Mode = v.picklist(["sealed", "relay"]);
export type Mode = v.InferOutput<typeof Mode>;
