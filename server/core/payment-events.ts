/** What happens to a payment itself: it is shown, it is closed, or its customer tells a code. */
import { attemptOfCode } from "./customer-code.ts";
import type { CloseEvent, CodeEvent, ShownEvent } from "./events.ts";
import type { Subject } from "./machine.ts";
import type { Closing, Decision, Ignored, Instant, Refused, TimelineLine } from "./payment.ts";
import { blocks } from "./reprompt.ts";
import { summarise } from "./status.ts";

/** Nothing moves, and why. */
export const ignored = (because: string, alarm = false, hint = false): Ignored => ({
  kind: "ignore",
  because,
  alarm,
  hint,
});

/** The machine forbids it. */
export const refused = (code: Refused["code"]): Refused => ({
  kind: "refuse",
  code,
  retryAt: null,
  lookFirst: [],
});

/** Closing waits for money: while an attempt blocks, neither merchant nor time may close (machine §3). */
export function closeDecision(subject: Subject, event: CloseEvent, at: Instant): Decision {
  const { payment, attempts } = subject;
  if (payment.closing !== null) return ignored("it is closed already");
  if (payment.status === "reversed") return ignored("its money was given back: it is over");
  if (payment.status === "confirmed") return refused("order_already_paid");
  if (payment.status === "review") return refused("payment_in_review");
  if (attempts.some(blocks)) return refused("payment_in_progress");
  if (event.type === "expire" && at < payment.expiresAt) return ignored("its time has not run out");
  const closing: Closing = event.type === "cancel" ? "cancelled" : "expired";
  const next = summarise({ ...payment, closing }, attempts, subject.siblings, at);
  const line: TimelineLine = {
    at,
    kind: closing,
    attemptId: null,
    from: null,
    to: null,
    status: next.status,
    detail: {},
  };
  return {
    kind: "change",
    payment: next,
    attempts: [],
    created: null,
    timeline: [line],
    evidence: [],
    alarm: null,
  };
}

/** A code is written beside its attempt and moves nothing; told twice, it is told once. */
export function codeDecision(subject: Subject, { receipt }: CodeEvent, at: Instant): Decision {
  const { payment, attempts } = subject;
  if (attempts.some(({ customerCode }) => customerCode === receipt)) {
    return ignored("the customer told this code before");
  }
  if (payment.status === "confirmed" || payment.status === "reversed") {
    return refused("code_not_needed");
  }
  const fit = attemptOfCode(attempts, receipt, at);
  switch (fit.kind) {
    case "not_needed":
      return refused("code_not_needed");
    case "other_day":
      return refused("code_of_another_day");
    case "fits": {
      const after = { ...fit.attempt, customerCode: receipt };
      const all = attempts.map((attempt) => (attempt === fit.attempt ? after : attempt));
      const line: TimelineLine = {
        at,
        kind: "customer_code",
        attemptId: after.id,
        from: after.state,
        to: after.state,
        status: payment.status,
        detail: { customerCode: receipt },
      };
      return {
        kind: "change",
        payment: summarise(payment, all, subject.siblings, at),
        attempts: [after],
        created: null,
        timeline: [line],
        evidence: [],
        alarm: null,
      };
    }
  }
}

/** Where a payment came from is told once: whoever opens the checkout again changes nothing. */
export function shownDecision(subject: Subject, { page }: ShownEvent, at: Instant): Decision {
  const { payment, attempts, siblings } = subject;
  if (payment.page !== null) return ignored("its page is known already");
  const over = payment.closing !== null || ["confirmed", "reversed"].includes(payment.status);
  if (over) return ignored("it is over: who looks at it now did not bring it");
  const next = summarise({ ...payment, page }, attempts, siblings, at);
  const line: TimelineLine = {
    at,
    kind: "checkout_shown",
    attemptId: null,
    from: null,
    to: null,
    status: next.status,
    detail: { page },
  };
  return {
    kind: "change",
    payment: next,
    attempts: [],
    created: null,
    timeline: [line],
    evidence: [],
    alarm: null,
  };
}

/** What another payment of the order had made too much is weighed anew (I20). */
export function recountDecision(subject: Subject, at: Instant): Decision {
  const { payment, attempts, siblings } = subject;
  const next = summarise(payment, attempts, siblings, at);
  if (next.flags.join() === payment.flags.join()) return ignored("the order counts as before");
  const line: TimelineLine = {
    at,
    kind: "order_recounted",
    attemptId: null,
    from: null,
    to: null,
    status: next.status,
    detail: {},
  };
  return {
    kind: "change",
    payment: next,
    attempts: [],
    created: null,
    timeline: [line],
    evidence: [],
    alarm: null,
  };
}
