/** What is worth a mail, and when a mail is tried again. Pure. */
import { DOUBT_PATIENCE_MS, type MailKind } from "../../shared/alert-words.ts";
import type { Callbacks, SetupFault } from "../../shared/insight-words.ts";
import type { Cents } from "../../shared/money.ts";
import type { Environment, Reason } from "../../shared/words.ts";
import { type RollupCell, setupFaultOf } from "./insight.ts";
import type { Instant, MerchantId, PaymentId, PaymentWithAttempts } from "./payment.ts";

/** Something that wants a person; `key` is the same as long as it is the same matter. */
export interface AlertMatter {
  readonly kind: MailKind;
  readonly key: string;
  readonly merchantId: MerchantId;
  /** Of a doubt or a review. */
  readonly payment: {
    readonly id: PaymentId;
    readonly orderReference: string;
    readonly amountCents: Cents;
  } | null;
  /** Of a fault of the set-up. */
  readonly fault: SetupFault | null;
}

/** What is looked at of one merchant: payments that wait, whether M-Pesa calls back, today's faults. */
export interface AlertScene {
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  readonly inDoubt: readonly PaymentWithAttempts[];
  readonly inReview: readonly PaymentWithAttempts[];
  readonly callbacks: Callbacks;
  /** When callbacks were heard last after a silence that was told of; 0 before the first. */
  readonly silenceEndedAt: Instant;
  /** Today's cells of failed tries by reason. */
  readonly reasons: readonly RollupCell[];
}

/** A doubt is as old as its oldest try in doubt, whatever else moves; anything else as its last change. */
export function waitingSince({ payment, attempts }: PaymentWithAttempts): Instant {
  const doubts = attempts
    .filter(({ state }) => state === "in_doubt")
    .map(({ inDoubtAt, createdAt }) => inDoubtAt ?? createdAt);
  return doubts.length === 0 ? payment.updatedAt : Math.min(...doubts);
}

/** The gravest first; a payment is told of once for each kind, a silence once, a fault once a day. */
export function mattersOf(scene: AlertScene, now: Instant): readonly AlertMatter[] {
  const { merchantId, environment, inDoubt, inReview, callbacks, silenceEndedAt } = scene;
  const old = inDoubt.filter((rows) => now - waitingSince(rows) > DOUBT_PATIENCE_MS);
  const silence: AlertMatter = {
    kind: "callbacks",
    key: `callbacks ${merchantId} ${environment} ${silenceEndedAt}`,
    merchantId,
    payment: null,
    fault: null,
  };
  return [
    ...faultsOf(scene),
    ...(callbacks === "silent" ? [silence] : []),
    ...inReview.map((rows) => ofPayment("review", rows)),
    ...old.map((rows) => ofPayment("doubt", rows)),
  ];
}

function ofPayment(kind: "doubt" | "review", { payment }: PaymentWithAttempts): AlertMatter {
  const { id, merchantId, orderReference, amountCents } = payment;
  const told = { id, orderReference, amountCents };
  return { kind, key: `${kind} ${id}`, merchantId, payment: told, fault: null };
}

/** Reasons that no customer can help: somebody must mend something (machine §5). */
const OURS_OR_THE_MERCHANTS: ReadonlySet<string> = new Set<Reason>(["merchant_setup", "rejected"]);

function faultsOf({ merchantId, environment, reasons }: AlertScene): readonly AlertMatter[] {
  const scope = `${merchantId} ${environment}`;
  const seen = reasons
    .filter(({ part, tries }) => OURS_OR_THE_MERCHANTS.has(part) && tries > 0)
    .map(({ day, detail }) => ({ day, fault: setupFaultOf(detail) }));
  const once = new Map(seen.map((one) => [`setup ${scope} ${one.fault} ${one.day}`, one.fault]));
  return [...once].map(([key, fault]) => ({
    kind: "setup",
    key,
    merchantId,
    payment: null,
    fault,
  }));
}

const MINUTE_MS = 60_000;
/** Soon at first, since most faults of mail servers are short; then hourly. */
const RETRY_AFTER_MINUTES = [1, 2, 5, 15, 30] as const;
const RETRY_LATER_MINUTES = 60;
/** After a day the news is old, and the dashboard says that the mail did not go. */
export const MAIL_GIVEN_UP_AFTER_MS = 24 * 60 * MINUTE_MS;
/** A person gets at most one mail in this time; what comes meanwhile is one digest after it. */
export const MAIL_EVERY_MS = 5 * MINUTE_MS;

/** When a mail that has been tried so often is tried again. */
export function mailRetryAt(tries: number, at: Instant): Instant {
  return at + (RETRY_AFTER_MINUTES[tries - 1] ?? RETRY_LATER_MINUTES) * MINUTE_MS;
}
