import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";
import type { Tone } from "./pill.tsx";

export interface TimelineItem {
  readonly id: string;
  /** The day, given where it differs from the item before. */
  readonly day: string | null;
  readonly time: string;
  readonly dateTime: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** What happened, oldest first, down a line. */
export function Timeline({ items }: { readonly items: readonly TimelineItem[] }) {
  return (
    <ol class="timeline">
      {items.map((item) => (
        <li key={item.id} class={`timeline-item tone-${item.tone}`}>
          {item.day !== null && <p class="timeline-day">{item.day}</p>}
          <span class="timeline-mark">
            <Icon name={item.icon} size={14} />
          </span>
          <time class="timeline-time" dateTime={item.dateTime}>
            {item.time}
          </time>
          <div class="timeline-body">
            <p class="timeline-title">{item.title}</p>
            {item.children}
          </div>
        </li>
      ))}
    </ol>
  );
}
