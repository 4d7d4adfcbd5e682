/**
 * Why an attempt did not pay, in the customer's words, with exactly one next step (machine §7).
 * Codes and blame stay with the merchant; the customer learns what happened and what to do.
 */
import type { Locale, Reason } from "./words.ts";

/**
 * What the customer can do next. `try_again`: the same number works. `other_phone`: this number
 * will not. `wait`: the same number works after a while. `ask_shop`: the customer cannot mend it.
 */
export type NextStep = "try_again" | "other_phone" | "wait" | "ask_shop";

export interface ReasonWords {
  /** What happened, as a heading; at most HAPPENED_MAX characters. */
  readonly happened: string;
  /** The one next step, as a sentence or two; at most NEXT_MAX characters. */
  readonly next: string;
}

/** A heading stays within two lines on a phone that is 320 px wide. */
export const HAPPENED_MAX = 44;
/** A step that is longer than this is not read. */
export const NEXT_MAX = 130;

const NEXT_STEPS: Readonly<Record<Reason, NextStep>> = {
  insufficient_funds: "try_again",
  wrong_pin: "try_again",
  pin_locked: "other_phone",
  cancelled: "try_again",
  unreachable: "try_again",
  timed_out: "try_again",
  customer_busy: "wait",
  too_soon: "wait",
  limit: "other_phone",
  customer_account: "other_phone",
  prompt_not_delivered: "wait",
  mpesa_busy: "wait",
  merchant_setup: "ask_shop",
  not_sent: "try_again",
  rejected: "ask_shop",
  absent: "try_again",
  query_only: "try_again",
  operator: "ask_shop",
  superseded: "try_again",
  other: "try_again",
};

const ENGLISH: Readonly<Record<Reason, ReasonWords>> = {
  insufficient_funds: {
    happened: "Not enough money in M-PESA",
    next: "Nothing was taken. Top up your M-PESA, then try again.",
  },
  wrong_pin: {
    happened: "That PIN was not right",
    next: "Nothing was taken. Try again and enter your M-PESA PIN with care: three wrong ones lock it.",
  },
  pin_locked: {
    happened: "Your M-PESA PIN is locked",
    next: "Nothing was taken. Call Safaricom on 100 to unlock it, or pay with another number.",
  },
  cancelled: {
    happened: "You cancelled on your phone",
    next: "Nothing was taken. Try again when you are ready.",
  },
  unreachable: {
    happened: "Your phone did not answer",
    next: "Nothing was taken. Switch the phone on, unlock it, check the signal, then try again.",
  },
  timed_out: {
    happened: "The time to enter the PIN ran out",
    next: "Nothing was taken. Keep your phone in your hand and try again.",
  },
  customer_busy: {
    happened: "Your phone is busy with M-PESA",
    next: "Nothing was taken. Finish what is open on your phone, wait a minute, then try again.",
  },
  too_soon: {
    happened: "M-PESA asks for a short break",
    next: "Nothing was taken. Wait two minutes, then try again.",
  },
  limit: {
    happened: "This is over your M-PESA limit",
    next: "Nothing was taken. Pay with another number, or try again tomorrow.",
  },
  customer_account: {
    happened: "This number cannot pay by M-PESA",
    next: "Nothing was taken. Pay with another M-PESA number.",
  },
  prompt_not_delivered: {
    happened: "M-PESA could not reach your phone",
    next: "Nothing was taken. Wait a minute, then try again.",
  },
  mpesa_busy: {
    happened: "M-PESA is very busy",
    next: "Nothing was taken. Wait a moment, then try again.",
  },
  merchant_setup: {
    happened: "The shop cannot take M-PESA now",
    next: "Nothing was taken. Please tell the shop: it must mend its M-PESA set-up.",
  },
  not_sent: {
    happened: "We could not reach M-PESA",
    next: "Nothing was sent to your phone and nothing was taken. Try again.",
  },
  rejected: {
    happened: "M-PESA refused this payment",
    next: "Nothing was taken. Please ask the shop how else you can pay.",
  },
  absent: {
    happened: "No payment arrived",
    next: "M-PESA has no record of it: nothing was taken. Try again.",
  },
  query_only: {
    happened: "The payment did not go through",
    next: "M-PESA says that nothing was taken. Try again.",
  },
  operator: {
    happened: "The shop closed this request",
    next: "The shop found no payment. Ask the shop before you pay again.",
  },
  superseded: {
    happened: "Another request took its place",
    next: "Nothing was taken by this one. Try again if you have not paid yet.",
  },
  other: {
    happened: "The payment did not go through",
    next: "Nothing was taken. Try again, or pay with another number.",
  },
};

const SWAHILI: Readonly<Record<Reason, ReasonWords>> = {
  insufficient_funds: {
    happened: "Salio la M-PESA halitoshi",
    next: "Hakuna pesa iliyokatwa. Ongeza salio la M-PESA, kisha ujaribu tena.",
  },
  wrong_pin: {
    happened: "PIN uliyoweka si sahihi",
    next: "Hakuna pesa iliyokatwa. Jaribu tena kwa makini: ukikosea PIN mara tatu itafungwa.",
  },
  pin_locked: {
    happened: "PIN yako ya M-PESA imefungwa",
    next: "Hakuna pesa iliyokatwa. Piga Safaricom 100 ifunguliwe, au lipa kwa nambari nyingine.",
  },
  cancelled: {
    happened: "Umeghairi kwenye simu yako",
    next: "Hakuna pesa iliyokatwa. Jaribu tena ukiwa tayari.",
  },
  unreachable: {
    happened: "Simu yako haikujibu",
    next: "Hakuna pesa iliyokatwa. Washa simu, ifungue, hakikisha ina mtandao, kisha ujaribu tena.",
  },
  timed_out: {
    happened: "Muda wa kuweka PIN umeisha",
    next: "Hakuna pesa iliyokatwa. Shika simu yako mkononi na ujaribu tena.",
  },
  customer_busy: {
    happened: "Simu yako ina ombi lingine la M-PESA",
    next: "Hakuna pesa iliyokatwa. Maliza ombi lililo kwenye simu, subiri dakika moja, kisha ujaribu tena.",
  },
  too_soon: {
    happened: "M-PESA inaomba usubiri kidogo",
    next: "Hakuna pesa iliyokatwa. Subiri dakika mbili, kisha ujaribu tena.",
  },
  limit: {
    happened: "Umepita kiwango chako cha M-PESA",
    next: "Hakuna pesa iliyokatwa. Lipa kwa nambari nyingine, au ujaribu tena kesho.",
  },
  customer_account: {
    happened: "Nambari hii haiwezi kulipa kwa M-PESA",
    next: "Hakuna pesa iliyokatwa. Lipa kwa nambari nyingine ya M-PESA.",
  },
  prompt_not_delivered: {
    happened: "M-PESA haikufikia simu yako",
    next: "Hakuna pesa iliyokatwa. Subiri dakika moja, kisha ujaribu tena.",
  },
  mpesa_busy: {
    happened: "M-PESA ina shughuli nyingi",
    next: "Hakuna pesa iliyokatwa. Subiri kidogo, kisha ujaribu tena.",
  },
  merchant_setup: {
    happened: "Duka haliwezi kupokea M-PESA sasa",
    next: "Hakuna pesa iliyokatwa. Tafadhali julisha duka: lirekebishe mpangilio wake wa M-PESA.",
  },
  not_sent: {
    happened: "Hatukuweza kufikia M-PESA",
    next: "Hakuna ombi lililotumwa kwa simu yako wala pesa iliyokatwa. Jaribu tena.",
  },
  rejected: {
    happened: "M-PESA imekataa malipo haya",
    next: "Hakuna pesa iliyokatwa. Tafadhali uliza duka njia nyingine ya kulipa.",
  },
  absent: {
    happened: "Hakuna malipo yaliyofika",
    next: "M-PESA haina rekodi yake: hakuna pesa iliyokatwa. Jaribu tena.",
  },
  query_only: {
    happened: "Malipo hayakukamilika",
    next: "M-PESA inasema hakuna pesa iliyokatwa. Jaribu tena.",
  },
  operator: {
    happened: "Duka limefunga ombi hili",
    next: "Duka halikupata malipo. Uliza duka kabla ya kulipa tena.",
  },
  superseded: {
    happened: "Ombi lingine limechukua nafasi yake",
    next: "Ombi hili halikukata pesa. Jaribu tena kama bado hujalipa.",
  },
  other: {
    happened: "Malipo hayakukamilika",
    next: "Hakuna pesa iliyokatwa. Jaribu tena, au lipa kwa nambari nyingine.",
  },
};

/** What happened and the one next step, in the customer's language. */
export function reasonWords(reason: Reason, locale: Locale): ReasonWords {
  return (locale === "sw" ? SWAHILI : ENGLISH)[reason];
}

/** The kind of the one next step: it decides which button the page offers. */
export function nextStepFor(reason: Reason): NextStep {
  return NEXT_STEPS[reason];
}
