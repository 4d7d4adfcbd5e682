/** The words of alert mails, in the person's language. */
import type { MailKind } from "../../shared/alert-words.ts";
import type { SetupFault } from "../../shared/insight-words.ts";
import type { Locale, PaymentStatus } from "../../shared/words.ts";

export interface MailWords {
  readonly kinds: Readonly<Record<MailKind, string>>;
  readonly faults: Readonly<Record<SetupFault, string>>;
  readonly statuses: Readonly<Record<PaymentStatus, string>>;
  readonly now: (status: string) => string;
  readonly alerts: (n: number) => string;
  readonly more: (n: number) => string;
  readonly foot: (shop: string) => string;
  readonly testSubject: string;
  readonly testText: string;
}

const en: MailWords = {
  kinds: {
    doubt: "In doubt for more than five minutes",
    review: "A payment to review",
    callbacks: "M-PESA takes prompts and has called back for none in 15 minutes",
    setup: "M-PESA refuses prompts because of your set-up",
  },
  faults: {
    wrong_credentials: "wrong credentials",
    no_merchant: "merchant does not exist",
    not_permitted: "not permitted for this product",
    wrong_receiver: "the receiver does not exist",
    inactive: "the shortcode is not active",
    other: "another fault of the set-up",
  },
  statuses: {
    open: "open",
    pending: "waiting for the customer",
    in_doubt: "in doubt",
    confirmed: "paid",
    failed: "not paid",
    cancelled: "cancelled",
    expired: "expired",
    review: "to review",
    reversed: "given back",
  },
  now: (status) => `now: ${status}`,
  alerts: (n) => `${n} alerts`,
  more: (n) => `and ${n} more`,
  foot: (shop) => `Sent by Lipia for ${shop}, because you chose so. Change it here:`,
  testSubject: "A test of your alerts",
  testText: "This is the test that you asked for. Alerts will come to this address.",
};

const sw: MailWords = {
  kinds: {
    doubt: "Hayajulikani kwa zaidi ya dakika tano",
    review: "Malipo ya kukaguliwa",
    callbacks: "M-PESA inapokea maombi na haijaleta jibu lolote kwa dakika 15",
    setup: "M-PESA inakataa maombi kwa sababu ya mpangilio wako",
  },
  faults: {
    wrong_credentials: "vitambulisho si sahihi",
    no_merchant: "mfanyabiashara hayupo",
    not_permitted: "hairuhusiwi kwa bidhaa hii",
    wrong_receiver: "mpokeaji hayupo",
    inactive: "nambari ya biashara haitumiki",
    other: "kosa jingine la mpangilio",
  },
  statuses: {
    open: "wazi",
    pending: "inasubiri mteja",
    in_doubt: "haijulikani",
    confirmed: "imelipwa",
    failed: "imeshindikana",
    cancelled: "imeghairiwa",
    expired: "muda umeisha",
    review: "ikaguliwe",
    reversed: "imerudishwa",
  },
  now: (status) => `sasa: ${status}`,
  alerts: (n) => `Tahadhari ${n}`,
  more: (n) => `na nyingine ${n}`,
  foot: (shop) =>
    `Imetumwa na Lipia kwa ajili ya ${shop}, kwa kuwa ulichagua hivyo. Badilisha hapa:`,
  testSubject: "Jaribio la tahadhari zako",
  testText: "Hili ndilo jaribio uliloomba. Tahadhari zitakuja kwenye anwani hii.",
};

export const MAIL_WORDS: Readonly<Record<Locale, MailWords>> = { en, sw };
