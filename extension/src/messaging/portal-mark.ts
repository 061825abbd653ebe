import * as v from "valibot";

/** Apart from those of environments and states: a portal's color says nothing but which portal it is. */
export const MARK_COLORS = ["blue", "turquoise", "violet", "pink", "brown", "gray"] as const;
export const MARK_SHAPES = ["circle", "square", "diamond", "hexagon"] as const;

/** By what a portal is told from others: a colored shape, around the first letter of its name. */
export const PortalMark = v.strictObject({
  color: v.picklist(MARK_COLORS),
  shape: v.picklist(MARK_SHAPES),
});
export type PortalMark = v.InferOutput<typeof PortalMark>;
