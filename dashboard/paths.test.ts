import { describe, expect, it } from "vitest";
import { PAYMENT_STATUSES } from "../shared/words.ts";
import {
  filterFromQuery,
  isFiltered,
  type ListFilter,
  listPath,
  NO_FILTER,
  paymentPath,
  setUpToken,
} from "./paths.ts";

/** What the page would read from an address it wrote itself. */
function readBack(filter: ListFilter): ListFilter {
  const query = new URL(listPath(filter), "http://shop").searchParams;
  return filterFromQuery(Object.fromEntries(query));
}

describe("the list's filter in the address", () => {
  it.each([
    NO_FILTER,
    ...PAYMENT_STATUSES.map((status) => ({ status, search: "" })),
    { status: null, search: "Meza 7 & watu 8 #100% + chai/2?" },
    { status: "failed", search: "4417" } as const,
  ])("comes back as it was: %o", (filter) => {
    expect(readBack(filter)).toEqual(filter);
  });

  it("is the bare path without a filter", () => {
    expect(listPath(NO_FILTER)).toBe("/dashboard/payments");
    expect([NO_FILTER, { status: null, search: "x" }].map(isFiltered)).toEqual([false, true]);
  });

  it("ignores what makes no sense", () => {
    expect(filterFromQuery({ status: "paid", q: "  ", other: "x" })).toEqual(NO_FILTER);
    expect(filterFromQuery({ q: "x".repeat(500) }).search).toHaveLength(64);
  });
});

describe("other addresses", () => {
  it("keep an id inside its own part", () => {
    expect(paymentPath("../x")).toBe("/dashboard/payments/..%2Fx");
  });

  it("read the set-up token from the fragment", () => {
    expect(setUpToken("#token=a_b-c")).toBe("a_b-c");
    expect([setUpToken(""), setUpToken("#x")]).toEqual([null, null]);
  });
});
