import { useLocation } from "preact-iso";
import { say } from "../dictionary/words.ts";
import { PATHS } from "../paths.ts";
import { can } from "../session.ts";

/** The rooms of the settings; who may not enter one does not see its door. */
export function SettingsNav() {
  const { path } = useLocation();
  const doors = [
    { to: PATHS.settings, word: say("settings.nav.shop") },
    { to: PATHS.look, word: say("look.title") },
    { to: PATHS.goLive, word: say("goLive.title") },
    ...(can("see_people") ? [{ to: PATHS.people, word: say("people.title") }] : []),
    { to: PATHS.sessions, word: say("sessions.title") },
    { to: PATHS.alerts, word: say("alerts.title") },
    ...(can("erase_people") ? [{ to: PATHS.privacy, word: say("privacy.title") }] : []),
    ...(can("read_audit_log") ? [{ to: PATHS.audit, word: say("audit.nav") }] : []),
  ];
  return (
    <nav class="settings-nav" aria-label={say("settings.nav")}>
      {doors.map(({ to, word }) => (
        <a key={to} href={to} aria-current={path === to ? "page" : undefined}>
          {word}
        </a>
      ))}
    </nav>
  );
}
