/** What people ask of the list: each question with the filters that many people would set. */
import { cents } from "../../../shared/money.ts";
import type { PaymentId } from "../../core/payment.ts";
import type { Dice } from "../../drills/dice.ts";
import type { ListFilter } from "../../ports.ts";
import { END, type MadePayment, MERCHANT, PAGES, type Shop } from "./shop.ts";

export interface Question {
  readonly name: string;
  /** One person's filter; payments to name are drawn from the shop. */
  readonly filter: (dice: Dice, shop: Shop) => Partial<ListFilter>;
}

const DAY_MS = 86_400_000;
/** What a page of the dashboard holds. */
const PAGE = 50;

export const QUESTIONS: readonly Question[] = [
  { name: "first page", filter: () => ({}) },
  { name: "deep page", filter: (dice, shop) => ({ startingAfter: drawn(dice, shop).id }) },
  { name: "status: paid", filter: () => ({ statuses: ["confirmed"] }) },
  { name: "status: in doubt (rare)", filter: () => ({ statuses: ["in_doubt"] }) },
  { name: "status: two, deep", filter: (dice, shop) => twoStatuses(drawn(dice, shop)) },
  { name: "reason: wrong PIN", filter: () => ({ reasons: ["wrong_pin"] }) },
  { name: "reason: set-up (rare)", filter: () => ({ reasons: ["merchant_setup"] }) },
  { name: "flag: overpaid", filter: () => ({ flags: ["overpaid"] }) },
  {
    name: "flag with a status it never has",
    filter: () => ({ flags: ["overpaid"], statuses: ["failed"] }),
  },
  { name: "amount: exact", filter: (dice, shop) => exactly(drawn(dice, shop).amountCents) },
  {
    name: "amount: from 100,000 (rare)",
    filter: () => ({ amountFrom: cents(10_000_000) }),
  },
  {
    name: "amount: 500 to 600",
    filter: () => ({ amountFrom: cents(50_000), amountTo: cents(60_000) }),
  },
  { name: "one day", filter: (dice, shop) => dayOf(drawn(dice, shop).at) },
  {
    name: "one day's failures",
    filter: (dice, shop) => ({ ...dayOf(drawn(dice, shop).at), statuses: ["failed"] }),
  },
  {
    name: "yesterday's wrong PINs",
    filter: () => ({ ...dayOf(END - DAY_MS), reasons: ["wrong_pin"] }),
  },
  { name: "phone: four digits", filter: (dice, shop) => ({ phoneTail: tailOf(dice, shop, 4) }) },
  { name: "phone: two digits", filter: (dice, shop) => ({ phoneTail: tailOf(dice, shop, 2) }) },
  {
    name: "phone and status",
    filter: (dice, shop) => ({ phoneTail: tailOf(dice, shop, 4), statuses: ["failed"] }),
  },
  { name: "order reference", filter: (dice, shop) => ordered(drawn(dice, shop)) },
  { name: "page: the shop's", filter: () => ({ page: PAGES.common }) },
  { name: "page: rare", filter: () => ({ page: PAGES.rare }) },
  { name: "page: nobody's", filter: () => ({ page: "https://nobody.co.ke" }) },
  { name: "page: not known", filter: () => ({ page: null }) },
  {
    name: "page: not paid in a month",
    filter: (dice, shop) => unpaidOf(PAGES.common, drawn(dice, shop)),
  },
  {
    name: "page: rare, not paid in a month",
    filter: (dice, shop) => unpaidOf(PAGES.rare, drawn(dice, shop)),
  },
  { name: "search: receipt", filter: (dice, shop) => ({ q: receiptOf(dice, shop) }) },
  { name: "search: phone number", filter: (dice, shop) => ({ q: `0${drawn(dice, shop).phone}` }) },
  { name: "search: last four digits", filter: (dice, shop) => ({ q: tailOf(dice, shop, 4) }) },
  { name: "search: order, rare", filter: (dice, shop) => begun(drawn(dice, shop), 2) },
  { name: "search: order, common", filter: () => ({ q: "INV-" }) },
  {
    name: "search: order, common, and a status",
    filter: () => ({ q: "INV-", statuses: ["in_doubt"] }),
  },
  {
    name: "amount, status and month",
    filter: (dice, shop) => ({ ...monthOf(drawn(dice, shop).at), ...paidAbove(20_000) }),
  },
];

/** The whole filter of one person. */
export function asked(question: Question, dice: Dice, shop: Shop): ListFilter {
  return {
    merchantId: MERCHANT,
    environment: "simulator",
    limit: PAGE,
    ...question.filter(dice, shop),
  };
}

function drawn(dice: Dice, shop: Shop): MadePayment {
  return shop.payment(dice.int(shop.size));
}

/** A payment that has a receipt; most have. */
function receiptOf(dice: Dice, shop: Shop): string {
  for (;;) {
    const found = drawn(dice, shop).attempts.find(({ receipt }) => receipt !== null);
    if (found?.receipt) return found.receipt;
  }
}

function tailOf(dice: Dice, shop: Shop, digits: number): string {
  return drawn(dice, shop).phone.slice(-digits);
}

function exactly(amount: ListFilter["amountFrom"]): Partial<ListFilter> {
  return amount === undefined ? {} : { amountFrom: amount, amountTo: amount };
}

function twoStatuses({ id }: { readonly id: PaymentId }): Partial<ListFilter> {
  return { statuses: ["failed", "cancelled"], startingAfter: id };
}

function dayOf(at: number): Partial<ListFilter> {
  return { createdFrom: at - (at % DAY_MS), createdTo: at - (at % DAY_MS) + DAY_MS - 1 };
}

function monthOf(at: number): Partial<ListFilter> {
  return { createdFrom: at - 30 * DAY_MS, createdTo: at };
}

function paidAbove(shillings: number): Partial<ListFilter> {
  return { amountFrom: cents(shillings * 100), statuses: ["confirmed"] };
}

function ordered({ orderReference }: MadePayment): Partial<ListFilter> {
  return { orderReference };
}

/** What a row of the failures leads to. */
function unpaidOf(page: string, { at }: MadePayment): Partial<ListFilter> {
  const statuses = ["failed", "cancelled", "expired"] as const;
  return { ...monthOf(at), page, statuses, steps: ["typed", "prompted"] };
}

/** All but the last digits of an order reference. */
function begun({ orderReference }: MadePayment, left: number): Partial<ListFilter> {
  return { q: orderReference.slice(0, -left) };
}
