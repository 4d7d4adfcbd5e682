import { useLocation } from "preact-iso";
import { say } from "../dictionary/words.ts";
import { hasSeveral, pathAbout, useMerchant } from "../merchant-choice.ts";
import { PATHS } from "../paths.ts";
import { can } from "../session.ts";

interface Door {
  readonly to: string;
  readonly word: string;
  /** `one`: it is about one merchant, and stays with the one that was chosen. */
  readonly of?: "one";
}

/** The rooms of the settings; who may not enter one does not see its door. */
export function SettingsNav() {
  const { path } = useLocation();
  const merchant = useMerchant();
  const several = hasSeveral();
  const merchants = say(several ? "merchants.title" : "merchants.add");
  const doors: readonly Door[] = [
    { to: PATHS.settings, word: say("settings.nav.shop"), of: "one" },
    { to: PATHS.look, word: say("look.title"), of: "one" },
    { to: PATHS.goLive, word: say("goLive.title"), of: "one" },
    ...(several || can("manage_merchants") ? [{ to: PATHS.merchants, word: merchants }] : []),
    ...(can("see_people") ? [{ to: PATHS.people, word: say("people.title") }] : []),
    { to: PATHS.sessions, word: say("sessions.title") },
    { to: PATHS.safety, word: say("safety.title") },
    { to: PATHS.limits, word: say("limits.title"), of: "one" },
    { to: PATHS.alerts, word: say("alerts.title") },
    ...(can("erase_people")
      ? [{ to: PATHS.privacy, word: say("privacy.title"), of: "one" } as const]
      : []),
    ...(can("read_audit_log") ? [{ to: PATHS.audit, word: say("audit.nav") }] : []),
  ];
  return (
    <nav class="settings-nav" aria-label={say("settings.nav")}>
      {doors.map(({ to, word, of }) => (
        <a
          key={to}
          href={of === "one" ? pathAbout(to, merchant) : to}
          aria-current={path === to ? "page" : undefined}
        >
          {word}
        </a>
      ))}
    </nav>
  );
}
