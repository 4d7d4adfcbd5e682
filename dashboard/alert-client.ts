/** The part of /dashboard/api that is about alerts by e-mail. */
import type { MailAlertsRequest, MailAlertsView, MailTestAnswer } from "../shared/alert-api.ts";
import type { Locale } from "../shared/words.ts";
import { type Answer, call } from "./client.ts";

export function readMailAlerts(): Promise<Answer<MailAlertsView>> {
  return call("GET", "alerts/mail");
}
export function postMailAlerts(wish: MailAlertsRequest): Promise<Answer<MailAlertsView>> {
  return call("POST", "alerts/mail", wish);
}
/** Waits until the mail server has taken the mail or not. */
export function postMailTest(locale: Locale): Promise<Answer<MailTestAnswer>> {
  return call("POST", "alerts/mail/test", { locale });
}
