/** The shape that every screen shares. */
import type { ComponentChildren } from "preact";

export interface PaneProps {
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A heading that can take the focus when the screen changes, and what follows it. */
export function Pane({ title, children }: PaneProps) {
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </>
  );
}
