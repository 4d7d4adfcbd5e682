/**
 * Money inside Lipia is an integer number of cents. M-Pesa moves whole shillings only, so every
 * amount that reaches Daraja is a multiple of 100; cents exist because statements and charges
 * have them.
 */
declare const centsBrand: unique symbol;

/** An integer number of Kenyan cents; never a float. */
export type Cents = number & { readonly [centsBrand]: true };

const CENTS_PER_SHILLING = 100;
/** No sum of M-Pesa is near this; below it sums of many amounts stay exact integers. */
const SHILLINGS_BOUND = 1e12;

/** Brands an integer read from our own database as cents. Throws on anything that is not a safe integer. */
export function cents(value: number): Cents {
  if (!Number.isSafeInteger(value)) throw new RangeError("money must be an integer of cents");
  return value as Cents;
}

/** Whole shillings → cents. Throws on a fraction: callers validate or round up first. */
export function centsFromShillings(shillings: number): Cents {
  return cents(shillings * CENTS_PER_SHILLING);
}

/** Cents → shillings, exact for whole shillings and to two decimals otherwise. */
export function shillingsFromCents(amount: Cents): number {
  return amount / CENTS_PER_SHILLING;
}

/**
 * Reads an amount as M-Pesa writes it: 20, 20.0, "20" and "20.00" are the same sum
 * (daraja.md §4, machine §2 E1).
 * @returns cents, or null for anything that is not a plain non-negative decimal with at most two places.
 */
export function parseMpesaAmount(value: unknown): Cents | null {
  if (typeof value === "number") {
    if (!(value >= 0 && value < SHILLINGS_BOUND)) return null;
    const scaled = Math.round(value * CENTS_PER_SHILLING);
    return Math.abs(scaled / CENTS_PER_SHILLING - value) < 1e-9 ? (scaled as Cents) : null;
  }
  if (typeof value !== "string") return null;
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(value);
  if (match === null) return null;
  const [, whole = "0", fraction = ""] = match;
  return (Number(whole) * CENTS_PER_SHILLING + Number(fraction.padEnd(2, "0"))) as Cents;
}

/** "KES 1,250" or "KES 1,250.50": the same in English and Swahili, without relying on Intl data. */
export function formatKes(amount: Cents): string {
  const negative = amount < 0 ? "-" : "";
  const absolute = Math.abs(amount);
  const whole = Math.floor(absolute / CENTS_PER_SHILLING)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = absolute % CENTS_PER_SHILLING;
  return `KES ${negative}${whole}${rest === 0 ? "" : `.${rest.toString().padStart(2, "0")}`}`;
}
