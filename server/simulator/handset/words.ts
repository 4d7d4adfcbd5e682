/** Every sentence of the page in both languages. */
import type { HandsetAction, HandsetNote, TestScenario } from "../../../shared/handset-view.ts";
import type { Locale } from "../../../shared/words.ts";

/** Outcomes that the director picks; paying and cancelling are done on the phone itself. */
export const DIRECTIONS = [
  "no_money",
  "wrong_pin",
  "phone_off",
  "ring_out",
  "pay_lose_callback",
  "pay_twice_called",
  "pay_late",
] as const satisfies readonly HandsetAction[];
export type Direction = (typeof DIRECTIONS)[number];

export interface MessageFacts {
  readonly receipt: string;
  readonly sum: string;
  readonly merchant: string;
  readonly account: string;
  readonly date: string;
  readonly time: string;
}

export interface Words {
  readonly title: string;
  readonly tagline: string;
  readonly language: string;
  readonly theme: string;
  readonly themes: { readonly auto: string; readonly light: string; readonly dark: string };
  readonly network: string;
  readonly phoneLabel: string;
  readonly messages: string;
  readonly sender: string;
  readonly now: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  readonly loading: string;
  readonly lost: string;
  readonly promptTitle: string;
  asks(sum: string, merchant: string, account: string): string;
  readonly pin: string;
  readonly pinHint: string;
  readonly pinWrong: string;
  pinCount(digits: number): string;
  readonly erase: string;
  readonly send: string;
  readonly cancel: string;
  readonly sending: string;
  ringsOut(seconds: number): string;
  byItself(seconds: number): string;
  readonly takeOver: string;
  readonly tooLate: string;
  promptOf(index: number, count: number): string;
  readonly previous: string;
  readonly next: string;
  arrived(sum: string, merchant: string): string;
  note(note: HandsetNote, facts: MessageFacts): string;
  readonly copyCode: string;
  readonly copyNumber: string;
  readonly copied: string;
  told(times: number, due: number): string;
  readonly directTitle: string;
  readonly directHint: string;
  readonly directIdle: string;
  readonly directions: Readonly<Record<Direction, readonly [label: string, effect: string]>>;
  readonly numbersTitle: string;
  readonly numbersHint: string;
  readonly scenarios: Readonly<Record<TestScenario, string>>;
}

const en: Words = {
  title: "Handset",
  tagline: "You are the customer. No real money moves.",
  language: "Language",
  theme: "Theme",
  themes: { auto: "Auto", light: "Light", dark: "Dark" },
  network: "Simulated",
  phoneLabel: "The customer's phone",
  messages: "Messages",
  sender: "M-PESA",
  now: "now",
  emptyTitle: "No prompts yet",
  emptyText: "Pay in the demo shop with 0700\u00a0000\u00a0000, then answer here.",
  loading: "Switching on…",
  lost: "No connection to the simulator. Trying again…",
  promptTitle: "Payment request",
  asks: (sum, merchant, account) =>
    `Do you want to pay ${sum} to ${merchant} account no. ${account}?`,
  pin: "Enter M-PESA PIN",
  pinHint: "Any four digits will do. They are not kept.",
  pinWrong: "A PIN has four digits.",
  pinCount: (digits) => `${digits} of 4 digits`,
  erase: "Delete",
  send: "Send",
  cancel: "Cancel",
  sending: "Sending…",
  ringsOut: (seconds) => `Rings out in ${seconds} s`,
  byItself: (seconds) => `Answers by itself in ${seconds} s`,
  takeOver: "Answer it myself",
  tooLate: "That prompt is over.",
  promptOf: (index, count) => `Prompt ${index} of ${count}`,
  previous: "Previous prompt",
  next: "Next prompt",
  arrived: (sum, merchant) => `New prompt: ${sum} to ${merchant}`,
  note: (note, { receipt, sum, merchant, account, date, time }) =>
    ({
      paid: `${receipt} Confirmed. ${sum} sent to ${merchant} for account ${account} on ${date} at ${time}.`,
      cancelled: `You cancelled the payment of ${sum} to ${merchant}. Nothing was taken.`,
      no_answer: `You did not answer ${merchant} in time. Nothing was taken.`,
      phone_off: `Your phone was off when ${merchant} asked for ${sum}. Nothing was taken.`,
      no_money: `Failed. You do not have enough money to pay ${sum} to ${merchant}.`,
      wrong_pin: `Failed. The PIN was wrong. Nothing was paid to ${merchant}.`,
      expired: `The request of ${merchant} for ${sum} has expired. Nothing was taken.`,
      declined: `The payment of ${sum} to ${merchant} was declined. Nothing was taken.`,
    })[note],
  copyCode: "Copy code",
  copyNumber: "Copy",
  copied: "Copied",
  told: (times, due) => {
    if (times === 0) return due > 0 ? "The shop will be told" : "The shop was not told";
    return times === 1 ? "The shop was told" : `The shop was told ${times} times`;
  },
  directTitle: "What should happen?",
  directHint: "Enter a PIN on the phone to pay, or let something go wrong:",
  directIdle: "Wait for a prompt, then pick one:",
  directions: {
    no_money: ["No money", "The balance is too low"],
    wrong_pin: ["Wrong PIN", "M-PESA refuses the PIN"],
    phone_off: ["Phone off", "The prompt cannot be shown"],
    ring_out: ["Let it ring out", "Nobody answers, about 27 s"],
    pay_lose_callback: ["Pay, lose the callback", "Paid, but the shop is not told"],
    pay_twice_called: ["Pay, called twice", "The shop is told two times"],
    pay_late: ["Pay late", "The money moves after 100 s"],
  },
  numbersTitle: "Test numbers",
  numbersHint: "Type one in the shop. Any other number pays after 5 s.",
  scenarios: {
    "00": "Waits for you",
    "01": "Pays after 5 s",
    "02": "Cancels",
    "03": "Nobody answers, 27 s",
    "04": "Not enough money",
    "05": "Wrong PIN",
    "06": "Phone off, 3 s",
    "07": "Pays, callback lost",
    "08": "Pays, callback comes twice",
    "09": "Callback before the push answer",
    "10": "Pays after 100 s",
    "11": "Push answer lost, then pays",
    "12": "Push: system is busy",
    "13": "Push: phone is locked",
    "14": "Push: firewall page (403)",
    "15": "No answer, then expired",
    "16": "Pays, callback after 3 min",
    "17": "Another amount is paid",
    "18": "Shop set up wrongly",
    "19": "No answer, later paid after all",
    "20": "Push answer lost, no prompt",
  },
};

const sw: Words = {
  title: "Simu",
  tagline: "Wewe ndiye mteja. Hakuna pesa halisi.",
  language: "Lugha",
  theme: "Mwonekano",
  themes: { auto: "Otomatiki", light: "Mwanga", dark: "Giza" },
  network: "Maigizo",
  phoneLabel: "Simu ya mteja",
  messages: "Ujumbe",
  sender: "M-PESA",
  now: "sasa",
  emptyTitle: "Hakuna ombi bado",
  emptyText: "Lipa katika duka la majaribio kwa 0700\u00a0000\u00a0000, kisha ujibu hapa.",
  loading: "Inawaka…",
  lost: "Hakuna mawasiliano na kiigaji. Inajaribu tena…",
  promptTitle: "Ombi la malipo",
  asks: (sum, merchant, account) =>
    `Je, unataka kulipa ${sum} kwa ${merchant}, akaunti nambari ${account}?`,
  pin: "Weka PIN ya M-PESA",
  pinHint: "Tarakimu zozote nne zinatosha. Hazihifadhiwi.",
  pinWrong: "PIN ina tarakimu nne.",
  pinCount: (digits) => `Tarakimu ${digits} kati ya 4`,
  erase: "Futa",
  send: "Tuma",
  cancel: "Ghairi",
  sending: "Inatuma…",
  ringsOut: (seconds) => `Itakatika baada ya sekunde ${seconds}`,
  byItself: (seconds) => `Itajijibu baada ya sekunde ${seconds}`,
  takeOver: "Nijibu mwenyewe",
  tooLate: "Ombi hilo limekwisha.",
  promptOf: (index, count) => `Ombi la ${index} kati ya ${count}`,
  previous: "Ombi lililotangulia",
  next: "Ombi linalofuata",
  arrived: (sum, merchant) => `Ombi jipya: ${sum} kwa ${merchant}`,
  note: (note, { receipt, sum, merchant, account, date, time }) =>
    ({
      paid: `${receipt} Imethibitishwa. ${sum} zimetumwa kwa ${merchant}, akaunti ${account}, tarehe ${date} saa ${time}.`,
      cancelled: `Umeghairi malipo ya ${sum} kwa ${merchant}. Hakuna pesa iliyokatwa.`,
      no_answer: `Hukujibu ombi la ${merchant} kwa wakati. Hakuna pesa iliyokatwa.`,
      phone_off: `Simu yako ilikuwa imezimwa ${merchant} ilipoomba ${sum}. Hakuna pesa iliyokatwa.`,
      no_money: `Imeshindikana. Huna pesa za kutosha kulipa ${sum} kwa ${merchant}.`,
      wrong_pin: `Imeshindikana. PIN si sahihi. ${merchant} haijalipwa.`,
      expired: `Ombi la ${merchant} la ${sum} limepitwa na wakati. Hakuna pesa iliyokatwa.`,
      declined: `Malipo ya ${sum} kwa ${merchant} yamekataliwa. Hakuna pesa iliyokatwa.`,
    })[note],
  copyCode: "Nakili msimbo",
  copyNumber: "Nakili",
  copied: "Imenakiliwa",
  told: (times, due) => {
    if (times === 0) return due > 0 ? "Duka litaarifiwa" : "Duka halikuarifiwa";
    return times === 1 ? "Duka limearifiwa" : `Duka limearifiwa mara ${times}`;
  },
  directTitle: "Nini kitokee?",
  directHint: "Weka PIN kwenye simu ili ulipe, au acha kitu kiharibike:",
  directIdle: "Subiri ombi, kisha uchague:",
  directions: {
    no_money: ["Hakuna pesa", "Salio halitoshi"],
    wrong_pin: ["PIN si sahihi", "M-PESA inakataa PIN"],
    phone_off: ["Simu imezimwa", "Ombi haliwezi kuonekana"],
    ring_out: ["Usijibu", "Hakuna anayejibu, kama sekunde 27"],
    pay_lose_callback: ["Lipa, taarifa ipotee", "Imelipwa, duka haliarifiwi"],
    pay_twice_called: ["Lipa, taarifa mara mbili", "Duka linaarifiwa mara mbili"],
    pay_late: ["Lipa kwa kuchelewa", "Pesa zinatoka baada ya sekunde 100"],
  },
  numbersTitle: "Nambari za majaribio",
  numbersHint: "Andika moja dukani. Nambari nyingine yoyote hulipa baada ya sekunde 5.",
  scenarios: {
    "00": "Inakusubiri wewe",
    "01": "Inalipa baada ya sekunde 5",
    "02": "Inaghairi",
    "03": "Hakuna anayejibu, sekunde 27",
    "04": "Pesa hazitoshi",
    "05": "PIN si sahihi",
    "06": "Simu imezimwa, sekunde 3",
    "07": "Inalipa, taarifa inapotea",
    "08": "Inalipa, taarifa mara mbili",
    "09": "Taarifa kabla ya jibu la ombi",
    "10": "Inalipa baada ya sekunde 100",
    "11": "Jibu la ombi linapotea, kisha inalipa",
    "12": "Ombi: mfumo una shughuli nyingi",
    "13": "Ombi: simu imefungwa",
    "14": "Ombi: ukurasa wa ulinzi (403)",
    "15": "Haijibu, kisha muda unaisha",
    "16": "Inalipa, taarifa baada ya dakika 3",
    "17": "Kiasi kingine kinalipwa",
    "18": "Duka limepangwa vibaya",
    "19": "Haijibu, baadaye inalipa",
    "20": "Jibu linapotea, hakuna ombi",
  },
};

export const WORDS: Readonly<Record<Locale, Words>> = { en, sw };
