/** What the rollups count by: kinds of cell, bands of amount, faults that are the merchant's own. */

/**
 * What a cell counts. `all` a day's payments · `hour` those opened in one hour · `order` those of one
 * band of amounts and one source · `reason` failed tries by reason and code · `taken` money that
 * came in, by hour and by how long the customer took · `page` those of one page of the shop's.
 */
export const ROLLUP_KINDS = ["all", "hour", "order", "reason", "taken", "page"] as const;
export type RollupKind = (typeof ROLLUP_KINDS)[number];

/** Bands of amounts by their lowest whole shilling; the last one has no end. */
export const AMOUNT_BANDS_KES = [0, 100, 500, 1_000, 2_500, 10_000, 50_000] as const;

/** What stands for a page beyond the bounds of what is kept by name. */
export const OTHER_PAGE = "other";
/** Longer origins are no shop's. */
export const PAGE_LENGTH_MAX = 100;
const ORIGIN = /^https?:\/\/[^\s/?#@\\]+$/;

/** Is this how a page is kept: its origin, or what stands for all others? */
export function isPage(text: string): boolean {
  return text === OTHER_PAGE || (text.length <= PAGE_LENGTH_MAX && ORIGIN.test(text));
}

/** Waits are counted in steps of this many milliseconds, up to `WAIT_STEPS_MAX` and more. */
export const WAIT_STEP_MS = 5_000;
export const WAIT_STEPS_MAX = 60;

/** How M-Pesa is doing, as far as our own prompts of the last minutes tell. */
export const WEATHERS = ["fine", "slow", "trouble", "unknown"] as const;
export type Weather = (typeof WEATHERS)[number];

/**
 * Whether M-Pesa calls back: `silent` when it took prompts and called back for none of them, `quiet`
 * when there are too few to say.
 */
export const CALLBACKS = ["heard", "silent", "quiet"] as const;
export type Callbacks = (typeof CALLBACKS)[number];

/** Why a payment needs a person. */
export const HAND_CAUSES = ["proposal", "review", "aged", "flagged"] as const;
export type HandCause = (typeof HAND_CAUSES)[number];

/** Set-up faults that have one known mend each; every other one is `other`. */
export const SETUP_FAULTS = [
  "wrong_credentials",
  "no_merchant",
  "not_permitted",
  "wrong_receiver",
  "inactive",
  "other",
] as const;
export type SetupFault = (typeof SETUP_FAULTS)[number];

/** What a share of payments got paid is measured by: only payments with a phone number that are over. */
export interface Ended {
  readonly paid: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
}

/** Payments with a phone number that ended without money. */
export function unpaidOf({ failed, cancelled, expired }: Omit<Ended, "paid">): number {
  return failed + cancelled + expired;
}

/** The paid share of what is over, 0 to 1; null while nothing is. */
export function successShare(ended: Ended): number | null {
  const over = ended.paid + unpaidOf(ended);
  return over === 0 ? null : ended.paid / over;
}
