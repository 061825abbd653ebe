const RADIUS = 6;
const LENGTH = 2 * Math.PI * RADIUS;

/** How much of a time is left, as a ring. The figure beside it carries the meaning; the ring is for the eye only. */
export function Ring({ left }: { left: number }) {
  const share = Math.max(0, Math.min(1, left));
  return (
    <svg class={share < 0.15 ? "ring low" : "ring"} viewBox="0 0 16 16" aria-hidden="true">
      <circle class="track" cx="8" cy="8" r={RADIUS} />
      <circle
        class="rest"
        cx="8"
        cy="8"
        r={RADIUS}
        stroke-dasharray={`${share * LENGTH} ${LENGTH}`}
        transform="rotate(-90 8 8)"
      />
    </svg>
  );
}
