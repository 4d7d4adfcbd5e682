import { Icon, type IconName } from "./icon.tsx";

/** What a colour stands for; the word and the icon say it without the colour. */
export type Tone = "good" | "wait" | "doubt" | "bad" | "odd" | "calm";

interface PillProps {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly children: string;
}

/** A status: icon, word and colour. */
export function Pill({ tone, icon, children }: PillProps) {
  return (
    <span class={`pill tone-${tone}`}>
      <Icon name={icon} size={14} />
      {children}
    </span>
  );
}

/** A remark beside a status, quieter than a pill. */
export function Tag({ tone, title, children }: { tone: Tone; title?: string; children: string }) {
  return (
    <span class={`tag tone-${tone}`} title={title}>
      {children}
    </span>
  );
}
