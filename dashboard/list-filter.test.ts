import { describe, expect, it } from "vitest";
import { PAYMENT_STATUSES, REASONS } from "../shared/words.ts";
import {
  faultsOf,
  filterFromQuery,
  isFiltered,
  type ListFilter,
  listPath,
  NO_FILTER,
  withTidyFields,
} from "./list-filter.ts";

const filter = (over: Partial<ListFilter>): ListFilter => ({ ...NO_FILTER, ...over });

/** What the page would read from an address it wrote itself. */
function readBack(written: ListFilter): ListFilter {
  const query = new URL(listPath(written), "http://shop").searchParams;
  return filterFromQuery(Object.fromEntries(query));
}

describe("the list's filter in the address", () => {
  it.each([
    NO_FILTER,
    ...PAYMENT_STATUSES.map((status) => filter({ statuses: [status] })),
    filter({ search: "Meza 7 & watu 8 #100% + chai/2?" }),
    filter({ statuses: ["failed"], search: "4417" }),
    filter({ statuses: ["failed", "review"], reasons: [...REASONS], flags: ["late"] }),
    filter({ amountFrom: "100", amountTo: "250", createdFrom: "2026-03-02" }),
    filter({ createdFrom: "2026-03-02T09:00:00Z", createdTo: "2026-03-02T13:00:00+03:00" }),
    filter({ page: `https://${"x".repeat(80)}.co.ke`, sources: ["link"], hour: "23" }),
    filter({ page: "none", steps: ["typed", "prompted"], code: "SFC_IC0003" }),
    filter({ phoneTail: "78", receipt: "UC1ABC2DEF", orderReference: "A,B=C&D" }),
  ])("comes back as it was: %o", (written) => {
    expect(readBack(written)).toEqual(written);
  });

  it("reads well, and is the bare path without a filter", () => {
    expect(listPath(NO_FILTER)).toBe("/dashboard/payments");
    const both = filter({ statuses: ["failed", "review"], amountFrom: "100" });
    expect(listPath(both)).toBe("/dashboard/payments?status=failed,review&amountFrom=100");
    expect([NO_FILTER, both].map(isFiltered)).toEqual([false, true]);
  });

  it("ignores what makes no sense", () => {
    const query = {
      status: "paid,open",
      reason: "x",
      q: "  ",
      amountFrom: "1.5",
      createdTo: "2026-02-30",
      phoneTail: "0712345678",
      receipt: "short",
      page: "shop",
      source: "me",
      hour: "24",
      step: "paid",
      other: "x",
    };
    expect(filterFromQuery(query)).toEqual(filter({ statuses: ["open"] }));
    expect(filterFromQuery({ q: "x".repeat(500) }).search).toHaveLength(64);
  });
});

describe("what a person types", () => {
  it("is taken as it is meant, and never a whole phone number", () => {
    const typed = filter({
      amountFrom: "1,250",
      phoneTail: "0712 345 678",
      receipt: " uc1abc2def ",
    });
    expect(withTidyFields(typed)).toEqual(
      filter({ amountFrom: "1250", phoneTail: "5678", receipt: "UC1ABC2DEF" }),
    );
  });

  it.each([
    ["shop.co.ke", "https://shop.co.ke"],
    [" HTTPS://Shop.co.ke/cart?id=7 ", "https://shop.co.ke"],
    ["http://localhost:3000/", "http://localhost:3000"],
    ["none", "none"],
    ["other", "other"],
  ])("of a page, %s, is its origin", (typed, page) => {
    expect(withTidyFields(filter({ page, hour: "08:00" }))).toEqual(filter({ page, hour: "8" }));
    expect(withTidyFields(filter({ page: typed })).page).toBe(page);
  });

  it.each([
    [{ amountFrom: "ten" }, { amountFrom: "amount" }],
    [{ amountFrom: "20", amountTo: "10" }, { amountTo: "order" }],
    [{ createdFrom: "2026-03-02", createdTo: "2026-03-01" }, { createdTo: "order" }],
    [{ createdFrom: "2026-03-02", createdTo: "2026-03-02" }, {}],
    [{ createdFrom: "soon" }, { createdFrom: "day" }],
    [{ phoneTail: "7" }, { phoneTail: "phone" }],
    [{ receipt: "QK1" }, { receipt: "receipt" }],
    [{ page: "our shop" }, { page: "page" }],
    [{ page: "other" }, {}],
    [{ hour: "24" }, { hour: "hour" }],
  ] as const)("%o has the faults %o", (typed, faults) => {
    expect(faultsOf(filter(typed))).toEqual(faults);
  });
});
