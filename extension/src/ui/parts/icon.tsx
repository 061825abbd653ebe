/** Our own drawings on a 16-unit grid, one stroke width. */
const PATHS = {
  copy: ["M5.5 5.5h7v7h-7z", "M3.5 10.5v-7h7"],
  open: ["M6.5 3.5h-3v9h9v-3", "M9 3h4v4", "M13 3L7.5 8.5"],
  star: ["M8 2.6l1.7 3.4 3.7.5-2.7 2.7.6 3.7L8 11.2l-3.3 1.7.6-3.7L2.6 6.5l3.7-.5z"],
  search: ["M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z", "M10.5 10.5l3 3"],
  gear: [
    "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
    "M8 1.8v1.6M8 12.6v1.6M1.8 8h1.6M12.6 8h1.6M3.6 3.6l1.1 1.1M11.3 11.3l1.1 1.1M12.4 3.6l-1.1 1.1M4.7 11.3l-1.1 1.1",
  ],
  chevron: ["M6 4l4 4-4 4"],
  caret: ["M4.5 6.5L8 10l3.5-3.5"],
  up: ["M4.5 9.5L8 6l3.5 3.5"],
  grid: ["M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z"],
  link: [
    "M6.5 9.5l3-3",
    "M7.5 4.5l1.3-1.3a2.8 2.8 0 0 1 4 4L11.500 8.500",
    "M8.500 11.500l-1.300 1.300a2.800 2.800 0 0 1-4-4L4.500 7.500",
  ],
  panel: ["M2.5 3.500h11v9h-11z", "M9.500 3.500v9"],
  label: ["M2.500 7.500v-5h5l6 6-5 5z", "M5.300 5.300v.1"],
  back: ["M9.5 3.5L5 8l4.5 4.5"],
  check: ["M3 8.5l3.2 3.2L13 4.8"],
  alert: ["M8 2.5L14 13H2z", "M8 6.5v3M8 11.2v.1"],
  terminal: ["M2.5 3.5h11v9h-11z", "M5 6.5L7 8l-2 1.5", "M8.5 10h2.5"],
  remote: [
    "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11z",
    "M2.5 8h11",
    "M8 2.5c4 4 4 7 0 11",
    "M8 2.5c-4 4-4 7 0 11",
  ],
  plus: ["M8 3.5v9M3.5 8h9"],
  close: ["M4 4l8 8M12 4l-8 8"],
  lock: ["M4 7.5h8v5.5H4z", "M5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2"],
  plug: ["M5.5 2.5v3M10.5 2.5v3", "M4 5.5h8v2a4 4 0 0 1-8 0z", "M8 11.5v2"],
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg class={filled ? "icon filled" : "icon"} viewBox="0 0 16 16" aria-hidden="true">
      {PATHS[name].map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );
}

/** The product's sign. */
export function Brand() {
  return (
    <svg class="brand" viewBox="0 0 32 32" aria-hidden="true">
      <rect x="1" y="1" width="30" height="30" rx="8" />
      <path d="M8.5 9.5l6.5 6.5-6.5 6.5" />
      <circle cx="22" cy="22" r="4.6" />
    </svg>
  );
}
