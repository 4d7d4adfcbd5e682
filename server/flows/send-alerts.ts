/**
 * Sends alert mails: gathers what waits for a person into one mail, and tries each mail until it is
 * taken or a day old. Every try is counted before it is made: a crash repeats at most the one under
 * way, under the same message id.
 */
import type { Environment } from "../../shared/words.ts";
import { alertMail, type MailText, type ToldMatter } from "../core/alert-mail.ts";
import { MAIL_EVERY_MS, MAIL_GIVEN_UP_AFTER_MS, mailRetryAt } from "../core/alerts.ts";
import type { PaymentId } from "../core/payment.ts";
import type {
  AlertMail,
  AlertStore,
  Clock,
  Ids,
  Log,
  Mailer,
  MerchantStore,
  PaymentStore,
} from "../ports.ts";

export interface SendDeps {
  readonly alerts: AlertStore;
  readonly payments: Pick<PaymentStore, "load">;
  readonly merchants: Pick<MerchantStore, "ofEnvironment">;
  readonly environment: Environment;
  readonly mailer: Mailer;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** One pass sends no more, so that a slow mail server does not hold the next look back for long. */
const MAILS_A_PASS = 10;

/** @param signal ends the pass; a mail that was under way is tried again. */
export async function sendAlerts(deps: SendDeps, signal: AbortSignal): Promise<void> {
  const { alerts, clock, ids } = deps;
  for (const userId of await alerts.waiting()) {
    const now = clock.now();
    await alerts.gather(userId, ids.row("mail"), now, now - MAIL_EVERY_MS);
  }
  for (const mail of await alerts.dueMails(clock.now(), MAILS_A_PASS)) {
    if (signal.aborted) return;
    await trySend(deps, mail, signal);
  }
}

async function trySend(deps: SendDeps, mail: AlertMail, signal: AbortSignal): Promise<void> {
  const { alerts, clock, log } = deps;
  const { id, userId, email } = mail;
  const at = clock.now();
  if (!(await alerts.claimMail(id, mail.tries, mailRetryAt(mail.tries + 1, at)))) return;
  const words = await wordsOf(deps, mail);
  const outcome = await deps.mailer.send({ to: email, id, ...words }, signal);
  if (outcome.kind === "taken") {
    await alerts.markTaken(id, userId, clock.now());
    log.info("alert_mail_taken", { userId, count: mail.matters.length, tries: mail.tries + 1 });
    return;
  }
  // We hung up ourselves, because the server stops.
  if (signal.aborted) return;
  const now = clock.now();
  const givenUp = now - mail.createdAt >= MAIL_GIVEN_UP_AFTER_MS;
  await alerts.markFailed(id, outcome, givenUp ? now : null);
  const event = givenUp ? "alert_mail_given_up" : "alert_mail_failed";
  log.warn(event, { userId, kind: outcome.fault, tries: mail.tries + 1 });
}

/** One that cannot be read is told of without its order: else its reader would hear of nothing any more. */
async function loaded({ payments, log }: SendDeps, paymentId: PaymentId) {
  try {
    return await payments.load(paymentId);
  } catch (error) {
    log.error("alert_without_payment", { paymentId, cause: String(error) });
    return null;
  }
}

/** Payments as they are now: who reads of a doubt sees whether it is over. */
async function wordsOf(deps: SendDeps, { matters, locale }: AlertMail): Promise<MailText> {
  const all = await deps.merchants.ofEnvironment(deps.environment);
  const told = await Promise.all(
    matters.map(async ({ kind, merchantId, paymentId, fault }): Promise<ToldMatter> => {
      const rows = paymentId === null ? null : await loaded(deps, paymentId);
      const whose = all.find(({ id }) => id === (rows?.payment.merchantId ?? merchantId));
      const merchant = all.length > 1 ? (whose ?? null) : null;
      return { kind, fault, merchant, payment: rows?.payment ?? null };
    }),
  );
  const named = new Set(told.flatMap(({ merchant }) => (merchant === null ? [] : merchant.name)));
  const shop = named.size > 0 ? [...named].join(", ") : (all[0]?.name ?? "Lipia");
  return alertMail(told, { shop, publicUrl: deps.publicUrl }, locale);
}
