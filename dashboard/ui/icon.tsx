/** Icons drawn on a 20 × 20 grid in the colour of the text beside them; always decoration. */

const SHAPES = {
  alert: "M10 3.2 2.6 16.4h14.8L10 3.2ZM10 8.2v3.6M10 14.2v.1",
  back: "M12.5 4.5 7 10l5.5 5.5",
  check: "M4.5 10.6 8.3 14.4 15.7 6.2",
  clock: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM10 6v4.2l2.8 1.8",
  copy: "M7.2 7.2h9.3v9.3H7.2zM12.8 7V3.5H3.5v9.3H7",
  cross: "m5.2 5.2 9.6 9.6M14.8 5.2l-9.6 9.6",
  columns: "M3.5 4h13v12h-13zM8 4v12M12.3 4v12",
  dot: "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4Z",
  eye: "M2.2 10S5 4.6 10 4.6 17.8 10 17.8 10 15 15.4 10 15.4 2.2 10 2.2 10ZM10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8Z",
  down: "M10 3.5V13M5.5 9 10 13.5 14.5 9M4 16.5h12",
  funnel: "M3.5 4.5h13l-5 6v5l-3 1.5v-6.5z",
  hand: "M6.2 10V5.2a1.2 1.2 0 0 1 2.4 0V9m0-.6V3.8a1.2 1.2 0 0 1 2.4 0v4.8m0-3.4a1.2 1.2 0 0 1 2.4 0v4m0-2a1.2 1.2 0 0 1 2.4 0v4.6c0 3-2.2 5.4-5.2 5.4-2.4 0-3.7-1-4.7-2.8L3.6 11.6a1.2 1.2 0 0 1 2-1.3l.6.7",
  hourglass:
    "M5 3h10M5 17h10M6 3v2.5c0 2 4 3.3 4 4.5s-4 2.5-4 4.5V17M14 3v2.5c0 2-4 3.3-4 4.5s4 2.5 4 4.5V17",
  lens: "M8.8 3.6a5.2 5.2 0 1 0 0 10.4 5.2 5.2 0 0 0 0-10.4ZM12.7 12.7l4.1 4.1",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  minus: "M5 10h10",
  offline:
    "M3 3l14 14M2.6 8a11 11 0 0 1 3.6-2.2M17.4 8a11 11 0 0 0-7.9-2.9M5.4 11.1a7 7 0 0 1 3.4-1.8M14.6 11.1l-.8-.6M8 14a3.1 3.1 0 0 1 3.9-.1M10 16.5v.1",
  pen: "m4 16 .9-3.6 8.3-8.3 2.7 2.7-8.3 8.3L4 16ZM11.5 5.8l2.7 2.7",
  person: "M10 3.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6ZM3.8 17c.5-3.2 3-5 6.2-5s5.7 1.8 6.2 5",
  phone: "M6 2.5h8v15H6zM9 15h2",
  question: "M7.2 7.4a2.8 2.8 0 1 1 4.2 2.5c-.9.5-1.4 1-1.4 2M10 14.7v.1",
  send: "m17 3-6.3 14-2.2-5.5L3 9.3 17 3ZM17 3 8.5 11.5",
  slash: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM5 15 15 5",
  star: "m10 3 2.2 4.6 5 .7-3.6 3.5.9 5-4.5-2.4-4.5 2.4.9-5-3.6-3.5 5-.7z",
  undo: "M7.5 4 4 7.5 7.5 11M4 7.5h7.5a4.5 4.5 0 0 1 0 9H7",
  up: "M10 16V4.5M5 9l5-5 5 5",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
