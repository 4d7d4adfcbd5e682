import { useState } from "preact/hooks";
import type { MailAlertsView, MailTestAnswer } from "../../../shared/alert-api.ts";
import { MAIL_KINDS, type MailKind } from "../../../shared/alert-words.ts";
import type { Locale } from "../../../shared/words.ts";
import { postMailTest } from "../../alert-client.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { locale as pageLocale } from "../../preferences.ts";
import { Button } from "../../ui/button.tsx";
import { CheckGroup } from "../../ui/check-group.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { failureText } from "../failure.tsx";
import { LANGUAGES } from "../preference-choices.tsx";
import { keepMailAlerts, openMailAlerts } from "./mail-store.ts";
import { MailTroubles, saidWords } from "./mail-troubles.tsx";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "testing" }
  | { readonly kind: "saved" }
  | { readonly kind: "tested"; readonly answer: MailTestAnswer }
  | { readonly kind: "failed"; readonly failure: Failure };

/** The kinds and the language are kept at once, as a tick box promises. */
export function MailForm({ view }: { readonly view: MailAlertsView }) {
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const locale = view.locale ?? pageLocale.value;
  const keep = async (wish: { kinds?: readonly MailKind[]; locale?: Locale }) => {
    setTrying({ kind: "ready" });
    const kinds = [...(wish.kinds ?? view.kinds)];
    const failure = await keepMailAlerts({ kinds, locale: wish.locale ?? locale });
    setTrying(failure === null ? { kind: "saved" } : { kind: "failed", failure });
  };
  const test = async () => {
    setTrying({ kind: "testing" });
    const answer = await postMailTest(locale);
    setTrying(
      answer.ok
        ? { kind: "tested", answer: answer.value }
        : { kind: "failed", failure: answer.failure },
    );
    await openMailAlerts();
  };
  return (
    <>
      <p class="settings-lead">{say("mails.lead", { address: view.address })}</p>
      <MailTroubles view={view} />
      <CheckGroup
        label={say("mails.legend")}
        look="list"
        options={MAIL_KINDS.map((value) => ({ value, word: say(`mails.kind.${value}`) }))}
        chosen={view.kinds}
        onChange={(kinds) => void keep({ kinds })}
      />
      <div class="mails-locale">
        <Segmented
          label={say("mails.locale")}
          value={locale}
          options={LANGUAGES}
          onChange={(wanted) => void keep({ locale: wanted })}
        />
      </div>
      <div role="status" class="alerts-told">
        <Outcome trying={trying} address={view.address} />
      </div>
      <p class="settings-actions">
        <Button state={trying.kind === "testing" ? "busy" : "ready"} onClick={() => void test()}>
          {say("mails.test")}
        </Button>
      </p>
    </>
  );
}

function Outcome({ trying, address }: { readonly trying: Trying; readonly address: string }) {
  switch (trying.kind) {
    case "ready":
      return null;
    case "testing":
      return (
        <Notice tone="calm" icon="clock">
          {say("mails.testing")}
        </Notice>
      );
    case "saved":
      return (
        <Notice tone="good" icon="check">
          {say("mails.saved")}
        </Notice>
      );
    case "failed":
      return (
        <Notice tone="bad" icon="alert">
          {failureText(trying.failure)}
        </Notice>
      );
    case "tested": {
      const { answer } = trying;
      const taken = answer.kind === "taken";
      return (
        <Notice tone={taken ? "good" : "bad"} icon={taken ? "check" : "alert"}>
          <p>{taken ? say("mails.taken", { address }) : say(`mails.fault.${answer.fault}`)}</p>
          {saidWords(answer)}
        </Notice>
      );
    }
  }
}
