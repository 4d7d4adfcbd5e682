/**
 * Machine §8, told a second time: may this attempt have been made? Written from the text, so that
 * a mistake in the core is not repeated here.
 */
import type { Attempt, PaymentWithAttempts } from "../core/payment.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const BUSY = ["created", "sending", "pending"];
const UNSEEN = ["not_sent", "rejected", "superseded", "merchant_setup"];
const SILENT_CODES = ["1031", "1032", "1037", "1019", "2026"];
const COOL_DOWN: Readonly<Record<string, number>> = {
  customer_busy: 60 * SECOND,
  too_soon: 120 * SECOND,
  mpesa_busy: 30 * SECOND,
  prompt_not_delivered: 60 * SECOND,
};
const PHONE_LIMITS = [
  { most: 3, within: 10 * MINUTE },
  { most: 6, within: 60 * MINUTE },
  { most: 12, within: 24 * 60 * MINUTE },
] as const;
const PAYMENT_LIMIT = { most: 5, within: 60 * MINUTE } as const;

/**
 * Why the attempt should not have been made; empty when all is well.
 * @param all every payment as it stood before.
 */
export function wrongPrompt(made: Attempt, all: readonly PaymentWithAttempts[]): readonly string[] {
  const at = made.createdAt;
  const payment = all.find((one) => one.payment.id === made.paymentId)?.payment;
  const attempts = all.flatMap((one) => one.attempts);
  const ofOrder = attempts.filter((one) => one.orderReference === made.orderReference);
  const ofPhone = attempts.filter((one) => one.phoneHash === made.phoneHash);
  const ofPayment = attempts.filter((one) => one.paymentId === made.paymentId);
  return [
    ...(payment === undefined || payment.closing !== null ? ["the payment is closed"] : []),
    ...(payment !== undefined && at >= payment.expiresAt ? ["its time ran out"] : []),
    ...ofOrder.flatMap((one) => orderReason(one, at)),
    ...ofPhone.flatMap((one) => phoneReason(one, at)),
    ...PHONE_LIMITS.flatMap((limit) => overLimit(ofPhone, at, limit)),
    ...overLimit(ofPayment, at, PAYMENT_LIMIT),
    ...restReason(ofPhone, at),
  ];
}

const pushed = (one: Attempt): number => one.sentAt ?? one.createdAt;

function orderReason(one: Attempt, at: number): readonly string[] {
  if (one.state === "reversed") return at < pushed(one) + 35 * SECOND ? ["§8.2: 35 s"] : [];
  if (one.state !== "failed") return [`§8.1: an attempt of the order is ${one.state}`];
  if (one.reason === "query_only" && at < pushed(one) + 180 * SECOND) return ["§8.3: 180 s"];
  const coolDown = COOL_DOWN[one.reason ?? ""] ?? 0;
  return coolDown > 0 && at < (one.resolvedAt ?? 0) + coolDown
    ? [`§8.2: cool-down after ${one.reason}`]
    : [];
}

function phoneReason(one: Attempt, at: number): readonly string[] {
  if (BUSY.includes(one.state)) return [`§8.5: the phone has an attempt ${one.state}`];
  const recent = at < pushed(one) + 180 * SECOND;
  return one.state === "in_doubt" && recent ? ["§8.5: the phone has a young doubt"] : [];
}

const counts = (one: Attempt): boolean =>
  one.state !== "confirmed" && one.state !== "reversed" && !UNSEEN.includes(one.reason ?? "");

function overLimit(
  attempts: readonly Attempt[],
  at: number,
  { most, within }: { readonly most: number; readonly within: number },
): readonly string[] {
  const inside = attempts.filter((one) => counts(one) && one.createdAt > at - within);
  return inside.length < most ? [] : [`more than ${most} prompts in ${within / MINUTE} min`];
}

/** After two cancels or silences in a row ten minutes of rest, after four an hour. */
function restReason(ofPhone: readonly Attempt[], at: number): readonly string[] {
  const seen = ofPhone
    .filter((one) => one.createdAt >= at - 24 * 60 * MINUTE)
    .filter((one) => !UNSEEN.includes(one.reason ?? ""))
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const answered = seen.findLastIndex(
    (one) => one.state !== "failed" || !SILENT_CODES.includes(one.resultCode ?? ""),
  );
  const inARow = seen.length - 1 - answered;
  const rest = inARow >= 4 ? 60 * MINUTE : inARow >= 2 ? 10 * MINUTE : 0;
  const last = seen.at(-1);
  const until = (last?.resolvedAt ?? last?.createdAt ?? 0) + rest;
  return rest > 0 && at < until ? [`no rest after ${inARow} silences`] : [];
}
