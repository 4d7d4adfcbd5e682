import { say } from "../dictionary/words.ts";
import { can } from "../session.ts";
import { Notice } from "../ui/notice.tsx";
import { Erase } from "./privacy/erase.tsx";
import { Retention } from "./privacy/retention.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

const GOES = ["privacy.goes.number", "privacy.goes.messages", "privacy.goes.notes"] as const;
const STAYS = [
  "privacy.stays.money",
  "privacy.stays.late",
  "privacy.stays.orders",
  "privacy.stays.audit",
] as const;

/** A customer's right to be forgotten: what goes, what stays, and the form that does it. */
export function PrivacyPage() {
  useTitle(say("privacy.title"));
  return (
    <>
      <h1 class="page-title">{say("privacy.title")}</h1>
      <SettingsNav />
      <div class="settings">
        <p class="settings-lead">{say("privacy.lead")}</p>
        <section class="panel privacy-words">
          <div>
            <h2>{say("privacy.goes")}</h2>
            <ul>
              {GOES.map((word) => (
                <li key={word}>{say(word)}</li>
              ))}
            </ul>
          </div>
          <div>
            <h2>{say("privacy.stays")}</h2>
            <ul>
              {STAYS.map((word) => (
                <li key={word}>{say(word)}</li>
              ))}
            </ul>
          </div>
        </section>
        <Notice tone="wait" icon="alert">
          {say("privacy.backups")}
        </Notice>
        <Retention />
        {can("erase_people") ? (
          <Erase />
        ) : (
          <Notice tone="calm" icon="person">
            {say("privacy.ownersOnly")}
          </Notice>
        )}
      </div>
    </>
  );
}
