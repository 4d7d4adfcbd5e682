/** Which columns this person looks at, kept per browser. */
import {
  PAYMENT_COLUMNS,
  PAYMENT_COLUMNS_PLAIN,
  type PaymentColumn,
} from "../../../shared/payment-columns.ts";
import { kept } from "../../kept.ts";

/** The order's column holds the row's link, by which keyboard and screen reader open a payment. */
const ALWAYS: PaymentColumn = "order";
export const COLUMN_CHOICES = PAYMENT_COLUMNS.filter((column) => column !== ALWAYS);

export const columnsShown = kept<readonly PaymentColumn[]>("lipia.columns", (value) =>
  Array.isArray(value) ? inOrder(value) : PAYMENT_COLUMNS_PLAIN,
);

export function showColumns(wanted: readonly PaymentColumn[]): void {
  columnsShown.value = inOrder(wanted);
}

function inOrder(wanted: readonly unknown[]): readonly PaymentColumn[] {
  return PAYMENT_COLUMNS.filter((column) => column === ALWAYS || wanted.includes(column));
}
