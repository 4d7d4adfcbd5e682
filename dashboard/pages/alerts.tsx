import { ALERT_KINDS } from "../../shared/alert-words.ts";
import { say } from "../dictionary/words.ts";
import { hasSeveral } from "../merchant-choice.ts";
import { CheckGroup } from "../ui/check-group.tsx";
import { choice } from "./alerts/choice.ts";
import { MailPanel } from "./alerts/mail-panel.tsx";
import { WaysPanel } from "./alerts/ways-panel.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

/** What this browser calls attention to, and how; and what the person is mailed about. */
export function AlertsPage() {
  useTitle(say("alerts.title"));
  return (
    <>
      <h1 class="page-title">{say("alerts.title")}</h1>
      <SettingsNav />
      <div class="settings">
        <section class="panel" aria-labelledby="alert-kinds">
          <h2 id="alert-kinds">{say("alerts.kinds")}</h2>
          <p class="settings-lead">{say("alerts.kinds.lead")}</p>
          {hasSeveral() && <p class="settings-lead">{say("alerts.everyMerchant")}</p>}
          <CheckGroup
            label={say("alerts.kinds.legend")}
            look="list"
            options={ALERT_KINDS.map((value) => ({ value, word: say(`alerts.kind.${value}`) }))}
            chosen={choice.value.kinds}
            onChange={(kinds) => {
              choice.value = { ...choice.peek(), kinds };
            }}
          />
        </section>
        <WaysPanel />
        <MailPanel />
      </div>
    </>
  );
}
