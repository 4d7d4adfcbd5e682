/** The demo shop's words. The page's script reads those it needs from data attributes. */
import type { Locale } from "../../shared/words.ts";

const english = {
  title: "Duka la Amani",
  tagline: "Good things from all over Kenya",
  trial:
    "A demo shop: no real money moves. Pay with 0700 000 000 and answer on the handset, or with 0700 000 001, which pays by itself.",
  handset: "Handset",
  dashboard: "Dashboard",
  otherLanguage: "Kiswahili",
  products: "What we have today",
  add: "Add",
  basket: "Your basket",
  empty: "Nothing here yet. Choose something you like.",
  total: "Total",
  pay: "Pay with M-Pesa",
  less: "One less",
  more: "One more",
  paid: "Asante! Your order is paid",
  receipt: "M-Pesa receipt",
  order: "Order",
  again: "Shop again",
  busy: "Opening the payment…",
  unpaid: "The order is kept. You can pay when you are ready.",
  doubt: "We are checking this payment. Please do not pay again.",
  failed: "The shop did not answer. Check your connection and try again.",
  script: "The basket needs JavaScript.",
};

export type ShopWords = typeof english;

const swahili: ShopWords = {
  title: "Duka la Amani",
  tagline: "Vitu vizuri kutoka kote nchini Kenya",
  trial:
    "Duka la majaribio: hakuna pesa halisi. Lipa kwa 0700 000 000 na ujibu kwenye simu ya majaribio, au kwa 0700 000 001 inayolipa yenyewe.",
  handset: "Simu ya majaribio",
  dashboard: "Dashibodi",
  otherLanguage: "English",
  products: "Tulivyo navyo leo",
  add: "Weka",
  basket: "Kikapu chako",
  empty: "Bado hakuna kitu. Chagua unachopenda.",
  total: "Jumla",
  pay: "Lipa kwa M-Pesa",
  less: "Punguza moja",
  more: "Ongeza moja",
  paid: "Asante! Oda yako imelipwa",
  receipt: "Risiti ya M-Pesa",
  order: "Oda",
  again: "Nunua tena",
  busy: "Tunafungua malipo…",
  unpaid: "Oda imehifadhiwa. Unaweza kulipa ukiwa tayari.",
  doubt: "Tunakagua malipo haya. Tafadhali usilipe tena.",
  failed: "Duka halijajibu. Angalia mtandao wako na ujaribu tena.",
  script: "Kikapu kinahitaji JavaScript.",
};

/** The shop's words in a language. */
export function shopWords(locale: Locale): ShopWords {
  return locale === "sw" ? swahili : english;
}
