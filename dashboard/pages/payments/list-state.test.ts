import { describe, expect, it } from "vitest";
import type { DashboardList, DashboardPayment } from "../../../shared/api.ts";
import {
  firstPage,
  isNews,
  type ListState,
  withFreshPage,
  withIncomingShown,
  withOlderPage,
  withPayment,
} from "./list-state.ts";

/** A payment whose number is its age: a greater number is newer. */
function payment(number: number, version = 1): DashboardPayment {
  return { id: `pay_${String(number).padStart(4, "0")}`, version } as DashboardPayment;
}
/** A page with these numbers, newest first. */
function page(numbers: readonly number[], hasMore = true): DashboardList {
  return { data: numbers.map((number) => payment(number)), hasMore };
}
const numbers = (rows: ListState["rows"]) => rows.map(({ id }) => Number(id.slice(4)));

describe("older pages", () => {
  it("go below, each row once", () => {
    const list = withOlderPage(firstPage(page([5, 4, 3])), page([3, 2, 1], false));
    expect(numbers(list.rows)).toEqual([5, 4, 3, 2, 1]);
    expect(list.hasMore).toBe(false);
  });
});

describe("a change", () => {
  const list = firstPage(page([3, 2, 1]));

  it("is taken where the row stands and lights it up", () => {
    const next = withPayment(list, payment(2, 7));
    expect(numbers(next.rows)).toEqual([3, 2, 1]);
    expect(next.rows[1]?.version).toBe(7);
    expect([...next.fresh]).toEqual(["pay_0002"]);
  });

  it("that is older than what is shown changes nothing", () => {
    const newer = withPayment(list, payment(2, 7));
    expect(withPayment(newer, payment(2, 6))).toBe(newer);
    expect(withPayment(list, payment(9))).toBe(list);
  });

  it("is news only with a greater version or an unknown payment", () => {
    expect(isNews(list, "pay_0002", 1)).toBe(false);
    expect(isNews(list, "pay_0002", 2)).toBe(true);
    expect(isNews(list, "pay_0009", 1)).toBe(true);
  });
});

describe("new payments", () => {
  const list = firstPage(page([3, 2, 1]));

  it("go on top when the reader is not among the rows", () => {
    const next = withFreshPage(list, page([5, 4, 3]), "show");
    expect(numbers(next.rows)).toEqual([5, 4, 3, 2, 1]);
    expect(next.incoming).toEqual([]);
  });

  it("wait, newest first, while the reader is, and move nothing", () => {
    const once = withFreshPage(list, page([4, 3, 2]), "hold");
    const twice = withFreshPage(once, page([5, 4, 3]), "hold");
    expect(numbers(twice.rows)).toEqual([3, 2, 1]);
    expect(numbers(twice.incoming)).toEqual([5, 4]);
    expect(numbers(withIncomingShown(twice).rows)).toEqual([5, 4, 3, 2, 1]);
  });

  it("find their place by age when a filter lets an old one in", () => {
    const next = withFreshPage(firstPage(page([9, 5, 1], false)), page([9, 7, 5], false), "show");
    expect(numbers(next.rows)).toEqual([9, 7, 5, 1]);
  });

  it("bring changes of known rows with them", () => {
    const fresh = { data: [payment(4), payment(3, 2)], hasMore: true };
    const next = withFreshPage(list, fresh, "hold");
    expect(next.rows[0]?.version).toBe(2);
  });

  it("in a burst longer than a page leave a gap, which is never papered over", () => {
    const next = withFreshPage(list, page([90, 89, 88]), "show");
    expect(next.gap).toBe(true);
    expect(numbers(next.rows)).toEqual([3, 2, 1]);
  });

  it("are simply the list where nothing was", () => {
    const next = withFreshPage(firstPage(page([], false)), page([1], false), "show");
    expect(numbers(next.rows)).toEqual([1]);
  });
});
