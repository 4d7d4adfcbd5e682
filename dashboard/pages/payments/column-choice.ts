/** Which columns this person looks at, kept per browser. */
import {
  PAYMENT_COLUMNS,
  PAYMENT_COLUMNS_PLAIN,
  type PaymentColumn,
} from "../../../shared/payment-columns.ts";
import { kept } from "../../kept.ts";
import type { ListFilter } from "../../list-filter.ts";
import { hasSeveral } from "../../merchant-choice.ts";

/** The order's column holds the row's link, by which keyboard and screen reader open a payment. */
const ALWAYS: PaymentColumn = "order";
/** Shown by itself where it tells rows apart, and never where it does not. */
const BY_ITSELF: PaymentColumn = "merchant";
export const COLUMN_CHOICES = PAYMENT_COLUMNS.filter(
  (column) => column !== ALWAYS && column !== BY_ITSELF,
);

export const columnsShown = kept<readonly PaymentColumn[]>("lipia.columns", (value) =>
  Array.isArray(value) ? inOrder(value) : PAYMENT_COLUMNS_PLAIN,
);

/** The columns of a list: whose a payment is stands behind its order, where it may be anybody's. */
export function shownColumns({ merchant }: ListFilter): readonly PaymentColumn[] {
  const chosen = columnsShown.value.filter((column) => column !== BY_ITSELF);
  if (merchant !== "" || !hasSeveral()) return chosen;
  const after = chosen.indexOf(ALWAYS) + 1;
  return [...chosen.slice(0, after), BY_ITSELF, ...chosen.slice(after)];
}

export function showColumns(wanted: readonly PaymentColumn[]): void {
  columnsShown.value = inOrder(wanted);
}

function inOrder(wanted: readonly unknown[]): readonly PaymentColumn[] {
  return PAYMENT_COLUMNS.filter((column) => column === ALWAYS || wanted.includes(column));
}
