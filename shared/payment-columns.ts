/** What a list of payments can show of each, on the page and in an export; the first are shown unless chosen otherwise. */
export const PAYMENT_COLUMNS = [
  "time",
  "amount",
  "status",
  "order",
  "phone",
  "receipt",
  "reason",
  "paidAt",
  "account",
  "description",
  "attempts",
  "id",
  "merchant",
] as const;
export type PaymentColumn = (typeof PAYMENT_COLUMNS)[number];

export const PAYMENT_COLUMNS_PLAIN: readonly PaymentColumn[] = PAYMENT_COLUMNS.slice(0, 7);

/** An export ends here and says so in its last line; a filter by date brings the rest. */
export const EXPORT_ROWS_MAX = 100_000;

/** The kinds of file that an export can be. */
export const EXPORT_FORMATS = ["xlsx", "csv"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
