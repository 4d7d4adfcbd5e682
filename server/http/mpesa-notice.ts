/**
 * What a customer is told while M-Pesa itself is in trouble, judged by the merchant's own prompts of
 * the last minutes. The words come with the view and not with the page's script, so that nobody
 * loads them on an ordinary day.
 */
import type { CheckoutView } from "../../shared/api.ts";
import type { Payment, PaymentWithAttempts } from "../core/payment.ts";
import { losesPrompts, WEATHER_WINDOW_MS, weatherOf } from "../core/weather.ts";
import type { Clock, InsightStore, Log } from "../ports.ts";

/** The field of the checkout's view, or nothing on an ordinary day. */
export type MpesaNotices = (
  rows: PaymentWithAttempts,
) => Promise<Pick<CheckoutView, "mpesaNotice">>;

interface NoticeDeps {
  readonly insight: Pick<InsightStore, "recentTries">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Pick<Log, "error">;
}

/** Customers come many a second, and the weather changes in minutes. */
const LOOK_EVERY_MS = 20_000;
/** The weather's tries belong to payments opened within this. */
const OPENED_WITHIN_MS = 3_600_000;

const NOTICE = {
  mpesaNotice: {
    en: "M-PESA has problems at the moment. The request may come late, or not at all.",
    sw: "M-PESA ina matatizo kwa sasa. Ombi linaweza kuchelewa, au lisifike kabisa.",
  },
};

/**
 * Judges for each payment whether its customer is told. One look at the rows serves all customers
 * of a merchant for a while; a look that fails tells nothing, because a checkout must open without it.
 */
export function mpesaNotices({ insight, clock, log }: NoticeDeps): MpesaNotices {
  const looks = new Map<string, { readonly at: number; readonly fails: Promise<boolean> }>();

  async function look({ merchantId, environment }: Payment, now: number): Promise<boolean> {
    try {
      const scope = { merchantId, environment };
      const since = now - WEATHER_WINDOW_MS;
      const tries = await insight.recentTries(scope, since, now - OPENED_WITHIN_MS);
      return losesPrompts(weatherOf(tries, now));
    } catch (cause) {
      log.error("weather_not_read", { cause: String(cause) });
      return false;
    }
  }

  return async ({ payment }) => {
    if (!mayWait(payment)) return {};
    const now = clock.now();
    const last = looks.get(payment.merchantId);
    const fresh = last !== undefined && Math.abs(now - last.at) < LOOK_EVERY_MS;
    const current = fresh ? last : { at: now, fails: look(payment, now) };
    looks.set(payment.merchantId, current);
    return (await current.fails) ? NOTICE : {};
  };
}

/** Whether the customer of this payment waits for a prompt, or may still ask for one. */
function mayWait({ closing, status }: Payment): boolean {
  switch (status) {
    case "open":
    case "pending":
    case "in_doubt":
      return true;
    case "failed":
    case "cancelled":
    case "expired":
      return closing === null;
    case "confirmed":
    case "review":
    case "reversed":
      return false;
  }
}
