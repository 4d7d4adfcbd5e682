/** The checkout's words once Pay was pressed. Reasons of failure: shared/messages.ts. */
import type { Locale } from "../../shared/words.ts";
import type { Notice, Screen } from "./machine.ts";

const english = {
  waiting: "Check your phone",
  waitingHint: (tail: string) => `Enter your M-PESA PIN on the phone ending in ${tail}.`,
  waitingAny: "Enter your M-PESA PIN on your phone.",
  left: (clock: string) => `about ${clock} left`,
  noPrompt: "Nothing on your phone?",
  noPromptSteps: [
    "Unlock the phone and look again: the request can take half a minute.",
    "Check that it is switched on and has signal.",
    "If nothing comes, wait here: you can try again as soon as the time is over.",
  ],
  checking: "Still checking with M-PESA",
  checkingHint: "Do not pay again yet. If you entered your PIN, the answer is on its way.",
  since: (clock: string) => `${clock} since the request`,
  doubt: "We are finding out what happened",
  doubtHint:
    "Do not pay again yet. M-PESA has not told us how this ended; we keep looking and this page updates itself.",
  doubtKeep: "Keep M-PESA's SMS: it is your proof. You may close this page; nothing is lost.",
  lost: "Checking your request",
  lostHint:
    "The connection broke while sending. Do not pay again: we are looking whether it arrived.",
  paid: "Paid",
  paidHint: (amount: string, merchant: string) => `${amount} paid to ${merchant}.`,
  receipt: "M-PESA receipt",
  receiptWanted: "Your receipt code is in the SMS from M-PESA.",
  copy: "Copy",
  copied: "Copied",
  done: "Done",
  goOn: "Continue",
  back: "Back to the shop",
  tryAgain: "Try again",
  tryWith: (phone: string) => `Try again with ${phone}`,
  otherPhone: "Use another number",
  closed: "This payment is closed",
  closedHint: "Nothing can be paid here any more. To buy, start again in the shop.",
  expired: "The time to pay is over",
  review: "The shop is checking your payment",
  reviewHint: "Do not pay again. Something about the payment needs a person; please ask the shop.",
  reversed: "The money was sent back",
  reversedHint: "M-PESA returned this payment to you. To buy, start again in the shop.",
  gone: "This payment page was not found",
  goneHint: "The address is incomplete or too old. Go back to the shop and start again.",
  notices: {
    phone_busy:
      "This phone has another M-PESA request open. Finish it first, or use another number.",
    too_many: "Too many requests. Wait as shown, or use another number.",
    not_delivered: "Your request did not reach us and nothing was sent to your phone. Try again.",
    paid: "This order is paid or being checked. Do not pay again; ask the shop.",
    refused: "That is not possible just now. Wait a moment.",
  },
};

export type LaterWords = typeof english;

const swahili: LaterWords = {
  waiting: "Angalia simu yako",
  waitingHint: (tail) => `Weka PIN ya M-PESA kwenye simu inayoishia na ${tail}.`,
  waitingAny: "Weka PIN ya M-PESA kwenye simu yako.",
  left: (clock) => `imebaki kama ${clock}`,
  noPrompt: "Hakuna kitu kwenye simu?",
  noPromptSteps: [
    "Fungua simu na uangalie tena: ombi linaweza kuchukua nusu dakika.",
    "Hakikisha simu imewashwa na ina mtandao.",
    "Lisipokuja, subiri hapa: utaweza kujaribu tena muda ukiisha.",
  ],
  checking: "Bado tunauliza M-PESA",
  checkingHint: "Usilipe tena kwa sasa. Kama uliweka PIN, jibu liko njiani.",
  since: (clock) => `${clock} tangu ombi litumwe`,
  doubt: "Tunatafuta kujua kilichotokea",
  doubtHint:
    "Usilipe tena kwa sasa. M-PESA bado haijatuambia matokeo; tunaendelea kuangalia na ukurasa huu utajisasisha.",
  doubtKeep: "Tunza SMS ya M-PESA: ni ushahidi. Unaweza kufunga ukurasa huu; malipo hayatapotea.",
  lost: "Tunaangalia ombi lako",
  lostHint: "Mtandao ulikatika wakati wa kutuma. Usilipe tena: tunaangalia kama ombi lilifika.",
  paid: "Umelipa",
  paidHint: (amount, merchant) => `${amount} zimelipwa kwa ${merchant}.`,
  receipt: "Risiti ya M-PESA",
  receiptWanted: "Nambari ya risiti iko kwenye SMS ya M-PESA.",
  copy: "Nakili",
  copied: "Imenakiliwa",
  done: "Sawa",
  goOn: "Endelea",
  back: "Rudi dukani",
  tryAgain: "Jaribu tena",
  tryWith: (phone) => `Jaribu tena na ${phone}`,
  otherPhone: "Tumia nambari nyingine",
  closed: "Malipo haya yamefungwa",
  closedHint: "Huwezi kulipa hapa tena. Kununua, anza upya dukani.",
  expired: "Muda wa kulipa umeisha",
  review: "Duka linakagua malipo yako",
  reviewHint: "Usilipe tena. Malipo haya yanahitaji kukaguliwa na mtu; tafadhali uliza duka.",
  reversed: "Pesa zimerudishwa",
  reversedHint: "M-PESA imekurudishia malipo haya. Kununua, anza upya dukani.",
  gone: "Ukurasa wa malipo haukupatikana",
  goneHint: "Anwani haijakamilika au ni ya zamani. Rudi dukani uanze upya.",
  notices: {
    phone_busy: "Simu hii ina ombi lingine la M-PESA. Limalize kwanza, au tumia nambari nyingine.",
    too_many: "Maombi ni mengi mno. Subiri kama ilivyoonyeshwa, au tumia nambari nyingine.",
    not_delivered: "Ombi lako halikutufikia na hakuna kilichotumwa kwa simu yako. Jaribu tena.",
    paid: "Oda hii imelipwa au inakaguliwa. Usilipe tena; uliza duka.",
    refused: "Haiwezekani kwa sasa. Subiri kidogo.",
  },
};

/** The later words in a language. */
export function laterWordsOf(locale: Locale): LaterWords {
  return locale === "sw" ? swahili : english;
}

/** What to say beside the phone field; refusals by their code (contract §4, machine §8). */
export function noticeWords(notice: Exclude<Notice, "phone_invalid">, locale: Locale): string {
  const { notices } = laterWordsOf(locale);
  if (notice === "not_delivered") return notices.not_delivered;
  switch (notice.refusal) {
    case "phone_in_progress":
      return notices.phone_busy;
    case "too_many_prompts":
    case "rate_limited":
      return notices.too_many;
    case "order_already_paid":
    case "payment_in_review":
      return notices.paid;
    default:
      return notices.refused;
  }
}

/** What the live region says on a screen; nothing where the focused heading says it all. */
export function announcement(screen: Screen, locale: Locale): string {
  const words = laterWordsOf(locale);
  switch (screen) {
    case "phone":
    case "sending":
    case "unsuccessful":
    case "closed":
      return "";
    case "waiting":
      return `${words.waiting}. ${words.waitingAny}`;
    case "checking":
    case "doubt":
    case "lost":
    case "paid":
    case "review":
    case "reversed":
    case "gone":
      return words[screen];
  }
}
