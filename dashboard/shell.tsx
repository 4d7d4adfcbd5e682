import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { SessionView } from "../shared/api.ts";
import { say } from "./dictionary/words.ts";
import { connectLive, freshness } from "./live.ts";
import { AlertBar } from "./pages/alerts/alert-bar.tsx";
import { LanguageChoice, ShortcutChoice, ThemeChoice } from "./pages/preference-choices.tsx";
import { StepUpDialog } from "./pages/step-up-dialog.tsx";
import { OUTSIDE, PATHS } from "./paths.ts";
import { signOut } from "./session.ts";
import { Button } from "./ui/button.tsx";
import { Icon } from "./ui/icon.tsx";
import { Logo } from "./ui/logo.tsx";
import { Menu } from "./ui/menu.tsx";

interface ShellProps {
  readonly view: SessionView;
  readonly children: ComponentChildren;
}

/** What surrounds every room: the bar, what environment this is, and how current the page is. */
export function Shell({ view, children }: ShellProps) {
  useEffect(connectLive, []);
  return (
    <>
      <a class="skip" href="#content">
        {say("app.skip")}
      </a>
      <header class="bar">
        <div class="bar-inner">
          <a class="brand" href={PATHS.home}>
            <Logo size={26} />
            <span class="brand-name" title={view.merchantName}>
              {view.merchantName}
            </span>
          </a>
          <nav class="rooms" aria-label={say("app.nav")}>
            <RoomLink to={PATHS.home} word={say("app.home")} />
            <RoomLink to={PATHS.payments} word={say("app.payments")} />
            <RoomLink to={PATHS.failures} word={say("app.failures")} />
            <RoomLink to={PATHS.settings} word={say("app.settings")} />
          </nav>
          <Freshness />
          <Account view={view} />
        </div>
      </header>
      <EnvironmentBanner environment={view.environment} />
      <AlertBar />
      <main id="content" class="content" tabIndex={-1}>
        {children}
      </main>
      <StepUpDialog />
    </>
  );
}

/** A room's way in; a page within the room belongs to it too. Home has all others under its path. */
function RoomLink({ to, word }: { readonly to: string; readonly word: string }) {
  const { path } = useLocation();
  const here = path === to || (to !== PATHS.home && path.startsWith(`${to}/`));
  return (
    <a href={to} aria-current={here ? "page" : undefined}>
      {word}
    </a>
  );
}

function Freshness() {
  const state = freshness.value;
  return (
    <p class={`fresh fresh-${state}`} role="status" title={say(`live.${state}.help`)}>
      <span class="fresh-dot" />
      {say(`live.${state}`)}
    </p>
  );
}

function Account({ view }: { readonly view: SessionView }) {
  const { email, role } = view.user;
  return (
    <Menu label={say("app.menu")} face={<Icon name="person" size={18} />}>
      <p class="account">
        <span class="account-email" title={email}>
          {email}
        </span>
        <span class="account-role">{say(`role.${role}`)}</span>
      </p>
      <LanguageChoice />
      <ThemeChoice />
      <ShortcutChoice />
      <Button onClick={() => void signOut()}>{say("signIn.out")}</Button>
    </Menu>
  );
}

function EnvironmentBanner({ environment }: Pick<SessionView, "environment">) {
  switch (environment) {
    case "production":
      return null;
    case "sandbox":
      return (
        <aside class="environment" aria-label={say("env.name")}>
          {say("env.sandbox")}
        </aside>
      );
    case "simulator":
      return (
        <aside class="environment" aria-label={say("env.name")}>
          <span>{say("env.simulator")}</span>{" "}
          <span class="environment-try">
            {say("env.simulator.try")} <OutsideLink to="demo" /> <OutsideLink to="handset" />
          </span>
        </aside>
      );
  }
}

function OutsideLink({ to }: { readonly to: keyof typeof OUTSIDE }) {
  return (
    <a href={OUTSIDE[to]} target="_blank" rel="noreferrer">
      {say(`env.${to}`)}
    </a>
  );
}
