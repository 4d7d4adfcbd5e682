/** Small pieces of text: clocks, amounts and the number as it is typed. */

/** 75,300 ms → "1:15", two hours → "2:00:00"; nobody waits for a whole day. */
export function clock(ms: number): string {
  const shown = new Date(Math.max(0, ms)).toISOString();
  return shown.slice(ms < 3_600_000 ? 14 : 11, 19).replace(/^0/, "");
}

/** Whole shillings → "KES 1,250". Without shared/money, whose checks the page need not load. */
export function kes(amount: number): string {
  return `KES ${String(amount).replace(/\B(?=(\d{3})+$)/g, ",")}`;
}

/**
 * Groups a number while it is typed: "0712345678" → "0712 345 678", "+254712…" → "+254 712 …".
 * Text that is no such number comes back as it was.
 */
export function groupPhone(typed: string): string {
  const digits = typed.replace(/[\s-]/g, "");
  const shape = /^(\+?254|0\d{0,3}|[17]\d{0,2})(\d{0,3})(\d{0,3})(\d*)$/.exec(digits);
  return shape === null ? typed : shape.slice(1).filter(Boolean).join(" ");
}
