/** An alert mail in words: plain text, no phone number, one link a matter. Pure. */
import type { MailKind } from "../../shared/alert-words.ts";
import type { SetupFault } from "../../shared/insight-words.ts";
import { type Cents, formatKes } from "../../shared/money.ts";
import { withoutNumbers } from "../../shared/redaction.ts";
import type { Locale, PaymentStatus } from "../../shared/words.ts";
import { MAIL_WORDS, type MailWords } from "./alert-mail-words.ts";
import type { MerchantId, PaymentId } from "./payment.ts";

export interface ToldMatter {
  readonly kind: MailKind;
  readonly fault: SetupFault | null;
  /** Whose it is; null where one merchant is all there is. */
  readonly merchant: { readonly id: MerchantId; readonly name: string } | null;
  /** As it is when the mail is written. */
  readonly payment: {
    readonly id: PaymentId;
    readonly orderReference: string;
    readonly amountCents: Cents;
    readonly status: PaymentStatus;
  } | null;
}

/** For whom it is written, and where its dashboard is. */
export interface Sender {
  readonly shop: string;
  readonly publicUrl: string;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** A longer mail is a list, and the dashboard has a better one. */
const TOLD_MAX = 20;
/** Order references may have 64 characters and shops longer names; a subject is one line. */
const SUBJECT_PART_MAX = 60;

/** @param matters at least one, the first one told first. */
export function alertMail(
  matters: readonly ToldMatter[],
  { shop, publicUrl }: Sender,
  locale: Locale,
): MailText {
  const words = MAIL_WORDS[locale];
  const [first, ...rest] = matters;
  const subject =
    first === undefined || rest.length > 0
      ? words.alerts(matters.length)
      : [words.kinds[first.kind], aboutOf(first, words)].filter(Boolean).join(": ");
  const told = matters.slice(0, TOLD_MAX).map((matter) => paragraph(matter, words, publicUrl));
  const left = matters.length - TOLD_MAX;
  const more = left > 0 ? [`${words.more(left)}\n${publicUrl}/dashboard`] : [];
  return framed({ shop, publicUrl }, words, subject, [...told, ...more]);
}

/** What the button "send me a test" sends. */
export function testMail(sender: Sender, locale: Locale): MailText {
  const words = MAIL_WORDS[locale];
  return framed(sender, words, words.testSubject, [words.testText]);
}

function framed(
  { shop, publicUrl }: Sender,
  words: MailWords,
  subject: string,
  paragraphs: readonly string[],
): MailText {
  const name = oneLine(shop);
  const foot = `-- \n${words.foot(name)}\n${publicUrl}/dashboard/settings/alerts`;
  return {
    subject: `[${name.slice(0, SUBJECT_PART_MAX)}] ${subject}`,
    text: `${[...paragraphs, foot].join("\n\n")}\n`,
  };
}

function paragraph(matter: ToldMatter, words: MailWords, publicUrl: string): string {
  const { kind, payment } = matter;
  const whose = matter.merchant === null ? "" : oneLine(matter.merchant.name);
  const about = [whose, aboutOf(matter, words)].filter(Boolean).join(": ");
  const now = payment === null ? "" : `, ${words.now(words.statuses[payment.status])}`;
  const lines = [words.kinds[kind], `${about}${now}`, `${publicUrl}${pathOf(matter)}`];
  return lines.filter((line) => line !== "").join("\n");
}

/** Order and amount, or the fault; never who pays. */
function aboutOf({ payment, fault }: ToldMatter, words: MailWords): string {
  if (payment !== null) {
    return `${oneLine(payment.orderReference)}, ${formatKes(payment.amountCents)}`;
  }
  return fault === null ? "" : words.faults[fault];
}

function pathOf({ kind, merchant, payment }: ToldMatter): string {
  if (payment !== null) return `/dashboard/payments/${payment.id}`;
  const page = kind === "setup" ? "/dashboard/failures" : "/dashboard/settings/go-live";
  return merchant === null ? page : `${page}?merchant=${merchant.id}`;
}

/** Shops name orders by phone numbers, too; and a line end would begin another header. */
function oneLine(text: string): string {
  return withoutNumbers(text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim());
}
