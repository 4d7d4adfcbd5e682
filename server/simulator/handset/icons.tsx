/** Small drawings of our own; decoration, so hidden from screen readers. */
import type { ComponentChildren } from "preact";

function Icon({ children, size = 20 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const PATHS = {
  no_money: "M3 7h15a3 3 0 0 1 3 3v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zm0 0 2-3h11M14 13h4",
  wrong_pin: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5zm5 3 4 3m0-3-4 3",
  phone_off: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM3 3l18 18",
  ring_out: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  pay_lose_callback: "M4 12h8m-3-3 3 3-3 3M16 9l5 6m0-6-5 6",
  pay_twice_called: "M4 8h11m-3-3 3 3-3 3M9 16h11m-3-3 3 3-3 3",
  pay_late: "M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  done: "m5 12 5 5 9-10",
  erase: "M9 6h11v12H9l-5-6zm3 4 4 4m0-4-4 4",
  previous: "m14 6-6 6 6 6",
  next: "m10 6 6 6-6 6",
  message: "M4 5h16v11H10l-4 4v-4H4z",
  check: "m7 12 4 4 7-8",
  cross: "m8 8 8 8m0-8-8 8",
} as const;
export type IconName = keyof typeof PATHS;

/** One of the page's icons. */
export function Draw({ name, size }: { name: IconName; size?: number }) {
  return (
    <Icon size={size}>
      <path d={PATHS[name]} />
    </Icon>
  );
}

/** Signal and battery of the status bar. */
export function StatusIcons() {
  return (
    <svg class="status-icons" viewBox="0 0 62 16" width="62" height="16" aria-hidden="true">
      <g fill="currentColor">
        <rect x="0" y="10" width="4" height="5" rx="1" />
        <rect x="6" y="7" width="4" height="8" rx="1" />
        <rect x="12" y="4" width="4" height="11" rx="1" />
        <rect x="18" y="1" width="4" height="14" rx="1" />
        <rect x="34" y="4" width="16" height="8" rx="1.5" />
        <rect x="59" y="5.5" width="2.5" height="5" rx="1" />
      </g>
      <rect x="32" y="2" width="26" height="12" rx="3.5" fill="none" stroke="currentColor" />
    </svg>
  );
}
