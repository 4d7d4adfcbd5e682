/** What is in the basket, kept for this visit: a reload must not empty it. */

export interface Goods {
  readonly id: string;
  readonly name: string;
  /** Whole shillings, for the eye only: the server prices the order. */
  readonly price: number;
}

export interface Line extends Goods {
  readonly quantity: number;
}

const STORE = "duka-basket";
const QUANTITY_MAX = 20;

/** One more or one less of something; a line with nothing left goes. */
export function changed(lines: readonly Line[], goods: Goods, by: 1 | -1): readonly Line[] {
  const known = lines.some(({ id }) => id === goods.id);
  const next = known ? lines : [...lines, { ...goods, quantity: 0 }];
  return next
    .map((line) =>
      line.id === goods.id
        ? { ...line, quantity: Math.min(QUANTITY_MAX, line.quantity + by) }
        : line,
    )
    .filter(({ quantity }) => quantity > 0);
}

/** Whole shillings. */
export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
}

/** Reads the basket of this visit; private windows may refuse storage, then it is empty. */
export function load(): readonly Line[] {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
  } catch {
    return [];
  }
}

/** Keeps the basket for this visit, where the browser lets us. */
export function keep(lines: readonly Line[]): void {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(lines));
  } catch {
    // The basket then lives as long as the page.
  }
}
