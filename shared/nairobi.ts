/** Daraja's clock is East Africa Time: UTC+3 all year, written without a zone (daraja.md §11.9). */
const EAT_OFFSET_MS = 3 * 3_600_000;
const DAY_MS = 86_400_000;

/** Epoch milliseconds → `YYYYMMDDHHmmss` in Nairobi, for Timestamp and TransactionDate. */
export function darajaTimestamp(at: number): string {
  return new Date(at + EAT_OFFSET_MS).toISOString().replace(/\D/g, "").slice(0, 14);
}

/**
 * A TransactionDate (number or string `yyyymmddHHMMSS`, EAT) → epoch milliseconds.
 * @returns null when it is not a real instant.
 */
export function parseDarajaTimestamp(value: unknown): number | null {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return null;
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return null;
  const [, y, mo, d, h, mi, s] = match;
  const at = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.000Z`) - EAT_OFFSET_MS;
  return Number.isFinite(at) && darajaTimestamp(at) === text ? at : null;
}

/**
 * A time that M-Pesa writes as `2025-11-23T12:00:10Z` or `2025-11-23 12:00:10` → epoch milliseconds.
 * All its times are EAT, and the letter Z of its documentation's samples is no zone (daraja.md §11.9).
 * @returns null when it is not a real instant.
 */
export function parseNairobiTime(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const match =
    /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?:Z|\+03:?00)?$/.exec(
      value,
    );
  if (match === null) return null;
  const [, y, mo, d, h, mi, s = "00"] = match;
  return parseDarajaTimestamp(`${y}${mo}${d}${h}${mi}${s}`);
}

/** `YYYY-MM-DD HH:MM:SS` in Nairobi, as Pull Transactions wants its window. */
export function nairobiTime(at: number): string {
  return new Date(at + EAT_OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
}

/** `YYYY-MM-DD` → the first millisecond of that day in Nairobi, or null when it is no day. */
export function nairobiDayStart(day: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  return match === null ? null : parseDarajaTimestamp(`${day.replaceAll("-", "")}000000`);
}

/** The number of the Nairobi day an instant falls on. */
export function nairobiDay(at: number): number {
  return Math.floor((at + EAT_OFFSET_MS) / DAY_MS);
}

/** Year, month (1–12) and day (1–31) of an instant in Nairobi. */
export function nairobiDate(at: number): { year: number; month: number; day: number } {
  const date = new Date(at + EAT_OFFSET_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
}
