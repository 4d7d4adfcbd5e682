import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface BlankProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  /** `alert` is announced at once: something failed. */
  readonly urgency?: "calm" | "alert";
  /** 1 where the blank is all there is on the page. */
  readonly level?: 1 | 2;
  readonly children?: ComponentChildren;
}

/** What stands where content would: nothing yet, nothing found, or it could not be read. */
export function Blank(props: BlankProps) {
  const { icon, title, text, urgency = "calm", level = 2, children } = props;
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div class={`blank blank-${urgency}`} role={urgency === "alert" ? "alert" : undefined}>
      <span class="blank-icon">
        <Icon name={icon} size={22} />
      </span>
      <Heading class="blank-title">{title}</Heading>
      {text && <p class="blank-text">{text}</p>}
      {children && <div class="blank-actions">{children}</div>}
    </div>
  );
}
