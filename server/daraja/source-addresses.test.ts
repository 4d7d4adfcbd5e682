import { describe, expect, test } from "vitest";
import { holdIn, SAFARICOM_ADDRESSES, trustIn } from "./source-addresses.ts";

describe("a success from", () => {
  const listed = trustIn({ kind: "listed", ranges: SAFARICOM_ADDRESSES });

  test.each(["196.201.214.200", "::ffff:196.201.212.127", "196.201.213.44"])(
    "the published address %s is enough",
    (address) => expect(listed(address)).toBe("enough"),
  );

  test.each([
    "196.201.214.201",
    "127.0.0.1",
    "::1",
    "",
    "rubbish",
    "196.201.214.200, 1.2.3.4",
    "2001:db8::1",
  ])("%j needs a second source", (address) => expect(listed(address)).toBe("second_source"));

  test("a range of the merchant's own counts, in both families", () => {
    const own = trustIn({ kind: "listed", ranges: ["196.201.214.0/24", "2001:db8::/32"] });
    expect(own("196.201.214.9")).toBe("enough");
    expect(own("2001:db8:1::7")).toBe("enough");
    expect(own("196.201.215.9")).toBe("second_source");
  });

  test("anywhere is enough where nobody checks, and nowhere for a strict merchant", () => {
    expect(trustIn({ kind: "any" })("198.51.100.7")).toBe("enough");
    expect(trustIn({ kind: "strict" })("196.201.214.200")).toBe("second_source");
  });

  test("that is held waits for ever with a strict merchant only", () => {
    expect(holdIn({ kind: "any" })).toBe("ends");
    expect(holdIn({ kind: "listed", ranges: SAFARICOM_ADDRESSES })).toBe("ends");
    expect(holdIn({ kind: "strict" })).toBe("lasts");
  });
});
