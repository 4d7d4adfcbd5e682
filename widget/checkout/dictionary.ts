/**
 * The checkout's words before Pay is pressed, in English and Swahili. What is said afterwards is in
 * later-words.ts and is loaded then: the form fits one TCP window.
 */
import type { Locale } from "../../shared/words.ts";

const english = {
  payTitle: (amount: string) => `Pay ${amount}`,
  order: "Order",
  phoneLabel: "M-PESA phone number",
  phoneHint: "A request comes to this phone. You approve it there with your PIN.",
  phoneKnown: "Leave it empty to use the number that the shop has.",
  tryAgainIn: (clock: string) => `Try again in ${clock}`,
  sending: "Sending the request to your phone…",
  close: "Close",
  offline: "No connection. We go on when you are back online.",
  testMode: "Test mode: no real money moves.",
  handset: "Open the test handset",
  pinNote: "We never ask for your PIN here.",
  phoneInvalid: "Enter a Kenyan mobile number, for example 0712 345 678.",
};

export type Words = typeof english;

const swahili: Words = {
  payTitle: (amount) => `Lipa ${amount}`,
  order: "Oda",
  phoneLabel: "Nambari ya simu ya M-PESA",
  phoneHint: "Ombi litakuja kwenye simu hii. Utalithibitisha hapo kwa PIN yako.",
  phoneKnown: "Acha wazi kutumia nambari ambayo duka linayo.",
  tryAgainIn: (clock) => `Jaribu tena baada ya ${clock}`,
  sending: "Tunatuma ombi kwa simu yako…",
  close: "Funga",
  offline: "Hakuna mtandao. Tutaendelea mtandao ukirudi.",
  testMode: "Majaribio: hakuna pesa halisi.",
  handset: "Fungua simu ya majaribio",
  pinNote: "Hatuombi PIN yako hapa kamwe.",
  phoneInvalid: "Weka nambari ya simu ya Kenya, kwa mfano 0712 345 678.",
};

/** The checkout's words in a language. */
export function wordsOf(locale: Locale): Words {
  return locale === "sw" ? swahili : english;
}

/** The customer's language: the shop's wish, else the browser's first choice. */
export function pickLocale(wish: string | null, preferred: string): Locale {
  const text = wish === "en" || wish === "sw" ? wish : preferred;
  return text.toLowerCase().startsWith("sw") ? "sw" : "en";
}
