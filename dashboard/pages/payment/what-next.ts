/** What happens to a payment by itself, and when, in plain sentences. */
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import { isSettled } from "../../../shared/payment-view.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";

/** @param now epoch ms; decides which moments are still to come, and what is "today". */
export function whatNext(detail: DashboardPaymentDetail, now: number): readonly string[] {
  const { payment, actions } = detail;
  const { nextLookAt, retryAt, expiresAt } = payment;
  const sentences: string[] = [];
  const ask = actions.find(({ name }) => name === "ask");
  const blind = ask?.kind === "refused" && ask.because === "no_id";
  if (blind) sentences.push(say("next.blind"));
  else if (nextLookAt !== null) {
    const due = Date.parse(nextLookAt) <= now;
    sentences.push(due ? say("next.lookNow") : say("next.look", { when: moment(nextLookAt, now) }));
  }
  switch (payment.status) {
    case "review":
      return [...sentences, say("next.review")];
    case "pending":
    case "in_doubt":
      return sentences;
    default:
      if (isSettled(payment))
        return nextLookAt === null ? [...sentences, say("next.nothing")] : sentences;
      if (retryAt !== null && Date.parse(retryAt) > now) {
        sentences.push(say("next.retry", { when: moment(retryAt, now) }));
      }
      return [...sentences, say("next.expires", { when: moment(expiresAt, now) })];
  }
}
