import { useEffect } from "preact/hooks";
import { say } from "../../dictionary/words.ts";
import { listen } from "../../live.ts";
import { Notice } from "../../ui/notice.tsx";
import { Loaded } from "../loaded.tsx";
import { MailForm } from "./mail-form.tsx";
import { mailAlerts, openMailAlerts } from "./mail-store.ts";

/** What this person is mailed about, wherever they are signed in. */
export function MailPanel() {
  useEffect(() => {
    mailAlerts.value = { kind: "loading" };
    void openMailAlerts();
    return listen({ nudged: () => {}, ticked: () => void openMailAlerts() });
  }, []);
  return (
    <section class="panel" aria-labelledby="alert-mails">
      <h2 id="alert-mails">{say("mails.title")}</h2>
      <Content />
    </section>
  );
}

function Content() {
  return (
    <Loaded
      of={mailAlerts.value}
      failed={say("mails.failed")}
      onRetry={() => void openMailAlerts()}
    >
      {(now) =>
        now.view.server === "missing" ? (
          <>
            <p class="settings-lead">{say("mails.lead", { address: now.view.address })}</p>
            <Notice tone="calm" icon="question">
              {say("mails.missing")}
            </Notice>
          </>
        ) : (
          <MailForm view={now.view} />
        )
      }
    </Loaded>
  );
}
