import { afterEach, describe, expect, it } from "vitest";
import { filterFromQuery, filterQuery, listPath, NO_FILTER } from "./list-filter.ts";
import { forgetSearches, inAddress, isPrivate } from "./private-search.ts";

afterEach(forgetSearches);

const searched = (search: string) => ({ ...NO_FILTER, search });
const readBack = (path: string) =>
  filterFromQuery(Object.fromEntries(new URL(path, "http://shop").searchParams));

describe("a search for a phone number", () => {
  it.each([
    "0712345678",
    "0712 345 678",
    "+254 712-345-678",
    "254112345678",
    "712345678",
    "07123456",
    "+254 71234",
  ])("%s stands in no address, and is asked for in whole", (text) => {
    expect(isPrivate(text)).toBe(true);
    const path = listPath(searched(text));
    const shown = decodeURIComponent(path).replaceAll("+", " ");
    expect(shown.slice(shown.indexOf("?"))).toMatch(/^\?q=…\d{0,3}$/);
    expect(readBack(path)).toEqual(searched(text));
    expect(filterQuery(searched(text)).get("q")).toBe(text);
  });

  it.each(["UC1ABC2DEF", "Meza 7", "4417", "100234", "20260302", "ORDER-0712", "…678"])(
    "%s is none",
    (text) => {
      expect(isPrivate(text)).toBe(false);
      expect(inAddress(text)).toBe(text);
    },
  );

  it("tells two numbers apart that end alike", () => {
    const [one, other] = ["0712345678", "0799999678"].map((text) => listPath(searched(text)));
    expect(one).not.toBe(other);
    expect(readBack(one ?? "").search).toBe("0712345678");
    expect(readBack(other ?? "").search).toBe("0799999678");
    expect(listPath(searched("0712345678"))).toBe(one);
  });

  it("is its last digits where nobody knows the number: in another tab, after signing out", () => {
    const path = listPath(searched("0712345678"));
    const typing = listPath(searched("071234"));
    forgetSearches();
    expect(readBack(path)).toEqual({ ...NO_FILTER, phoneTail: "678" });
    expect(readBack(typing)).toEqual(NO_FILTER);
  });
});
