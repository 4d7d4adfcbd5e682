/** How a push ended, as the machine hears of it. */
import { type AttemptEvent, happened } from "../core/events.ts";
import type { AttemptId } from "../core/payment.ts";
import type { PushAnswer } from "../ports.ts";

/** Machine §5: what came back, as the machine's event. */
export function pushEvent(attemptId: AttemptId, answer: PushAnswer): AttemptEvent {
  switch (answer.kind) {
    case "accepted":
      return happened("accepted", attemptId, {
        description: answer.customerMessage,
        checkoutRequestId: answer.checkoutRequestId,
        merchantRequestId: answer.merchantRequestId,
      });
    case "rejected":
      return happened("rejected", attemptId, {
        code: answer.code,
        description: answer.description,
        note: { cause: answer.cause },
      });
    case "not_sent":
      return happened("not_sent", attemptId, {
        description: answer.description,
        note: { cause: answer.cause },
      });
    case "unknown":
      return happened("unknown", attemptId, {
        description: answer.description,
        checkoutRequestId: answer.checkoutRequestId ?? null,
      });
  }
}
