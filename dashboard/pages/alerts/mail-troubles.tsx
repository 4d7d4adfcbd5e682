import type { MailAlertsView } from "../../../shared/alert-api.ts";
import type { MailFault } from "../../../shared/alert-words.ts";
import { say, sayCount } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { Notice } from "../../ui/notice.tsx";

/** A mail that could not be handed over, and one that was given up. */
export function MailTroubles({ view }: { readonly view: MailAlertsView }) {
  const { waiting, givenUp } = view;
  return (
    <>
      {givenUp !== null && (
        <Notice tone="bad" icon="alert">
          <p>
            {sayCount("mails.givenUp", givenUp.alerts)} {moment(givenUp.at, Date.now())}.{" "}
            {say(`mails.fault.${givenUp.fault}`)}
          </p>
          {saidWords(givenUp)}
          <p>{say("mails.givenUp.do")}</p>
        </Notice>
      )}
      {waiting !== null && (
        <Notice tone="doubt" icon="alert">
          <p>
            {say("mails.waiting", { when: moment(waiting.nextTryAt, Date.now()) })}{" "}
            {say(`mails.fault.${waiting.fault}`)}
          </p>
          {saidWords(waiting)}
        </Notice>
      )}
    </>
  );
}

/** Faults of the way to the mail server, about which it says nothing itself. */
const ON_THE_WAY: readonly MailFault[] = ["unreachable", "tls"];

/** The mail server's own words, where it said any, or what happened on the way to it. */
export function saidWords({ fault, said }: { readonly fault?: MailFault; readonly said: string }) {
  if (said === "") return null;
  const silent = fault !== undefined && ON_THE_WAY.includes(fault);
  return (
    <p class="mails-said">
      {say(silent ? "mails.detail" : "mails.said")} <span class="code">{said}</span>
    </p>
  );
}
