/**
 * What the simulator tells the handset page, and what the page may ask of it. Both sides import
 * this, so that neither can drift. No PIN appears here: it is checked for its shape and dropped.
 */

/** The last two digits of a test phone, contract §9. */
export const TEST_SCENARIOS = [
  "00",
  "01",
  "02",
  "03",
  "04",
  "05",
  "06",
  "07",
  "08",
  "09",
  "10",
  "11",
  "12",
  "13",
  "14",
  "15",
  "16",
  "17",
  "18",
  "19",
  "20",
] as const;
export type TestScenario = (typeof TEST_SCENARIOS)[number];

/** What a person can let happen to an open prompt. */
export const HANDSET_ACTIONS = [
  "pay",
  "cancel",
  "ring_out",
  "no_money",
  "wrong_pin",
  "phone_off",
  "pay_lose_callback",
  "pay_twice_called",
  "pay_late",
  "take_over",
] as const;
export type HandsetAction = (typeof HANDSET_ACTIONS)[number];

/** How a prompt ended, in the words of the phone's owner. */
export const HANDSET_NOTES = [
  "paid",
  "cancelled",
  "no_answer",
  "phone_off",
  "no_money",
  "wrong_pin",
  "expired",
  "declined",
] as const;
export type HandsetNote = (typeof HANDSET_NOTES)[number];

/** A prompt that is on a screen now. Instants are epoch milliseconds. */
export interface HandsetPrompt {
  readonly id: string;
  readonly scenario: TestScenario | null;
  /** Test numbers in full; any other number masked, because it may be somebody's. */
  readonly phone: string;
  readonly merchantName: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly accountReference: string;
  /** Waits for a person · answers by itself at `actsAt` · an answer is on its way. */
  readonly mode: "waiting" | "automatic" | "answered";
  /** When it answers itself or rings out. */
  readonly actsAt: number | null;
  readonly promptedAt: number;
}

/** One message on the phone, with what became of the word to the shop. */
export interface HandsetMessage {
  readonly id: string;
  readonly at: number;
  readonly note: HandsetNote;
  readonly phone: string;
  readonly merchantName: string;
  readonly amount: number;
  readonly accountReference: string;
  readonly receipt: string | null;
  readonly resultCode: string;
  /** Callbacks that are still to be sent, and those that reached the shop's server. */
  readonly callbacksDue: number;
  readonly callbacksDelivered: number;
}

/** The whole state of the handset: small enough to be sent again on every change. */
export interface HandsetState {
  readonly now: number;
  /** Oldest first. */
  readonly prompts: readonly HandsetPrompt[];
  /** Newest first. */
  readonly messages: readonly HandsetMessage[];
}
