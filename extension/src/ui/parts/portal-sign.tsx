import type { PortalView } from "../../messaging/view.ts";

const SHAPES = {
  circle: "M8 0a8 8 0 0 1 0 16a8 8 0 0 1 0-16z",
  square: "M1 1h14v14H1z",
  diamond: "M8-.5l8.5 8.5-8.5 8.5-8.5-8.5z",
  hexagon: "M4-.2h8l4.5 8.200-4.5 8.200h-8l-4.5-8.200z",
} as const;

/** [SC5] Which portal it is, for the eye: its name stands beside it. Never color alone. */
export function PortalSign({ portal: { alias, mark } }: { portal: Pick<PortalView, "alias" | "mark"> }) {
  return (
    <svg class={`portal-sign ${mark.color}`} viewBox="-1 -1 18 18" aria-hidden="true">
      <path d={SHAPES[mark.shape]} />
      <text x="8" y="11.5" text-anchor="middle">
        {[...alias][0]?.toUpperCase()}
      </text>
    </svg>
  );
}
