import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface BlankProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  /** `alert` is announced at once: something failed. */
  readonly urgency?: "calm" | "alert";
  readonly children?: ComponentChildren;
}

/** What stands where content would: nothing yet, nothing found, or it could not be read. */
export function Blank({ icon, title, text, urgency = "calm", children }: BlankProps) {
  return (
    <div class={`blank blank-${urgency}`} role={urgency === "alert" ? "alert" : undefined}>
      <span class="blank-icon">
        <Icon name={icon} size={22} />
      </span>
      <h2 class="blank-title">{title}</h2>
      {text && <p class="blank-text">{text}</p>}
      {children && <div class="blank-actions">{children}</div>}
    </div>
  );
}
