import type { ComponentChildren } from "preact";
import { say } from "../dictionary/words.ts";
import { Logo } from "../ui/logo.tsx";
import { LanguageChoice, ThemeChoice } from "./preference-choices.tsx";

interface GateProps {
  readonly title: string;
  readonly lead: string;
  readonly children: ComponentChildren;
}

/** The frame of the pages in front of the dashboard. */
export function Gate({ title, lead, children }: GateProps) {
  return (
    <div class="gate">
      <main class="gate-card">
        <p class="gate-brand">
          <Logo size={28} />
          <span>{say("app.name")}</span>
        </p>
        <h1>{title}</h1>
        <p class="gate-lead">{lead}</p>
        {children}
      </main>
      <footer class="gate-choices">
        <LanguageChoice />
        <ThemeChoice />
      </footer>
    </div>
  );
}
