import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";
import type { Tone } from "./pill.tsx";

interface NoticeProps {
  readonly tone: Tone;
  readonly icon: IconName;
  /** `alert` is read out at once, `status` when the reader pauses, `none` in its place. */
  readonly role?: "alert" | "status" | "none";
  readonly children: ComponentChildren;
}

/** A few words that matter, set apart from the page. */
export function Notice({ tone, icon, role = "none", children }: NoticeProps) {
  return (
    <div class={`notice tone-${tone}`} role={role === "none" ? undefined : role}>
      <Icon name={icon} size={18} />
      <div class="notice-words">{children}</div>
    </div>
  );
}
