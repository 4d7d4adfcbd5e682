import { describe, expect, it } from "vitest";
import { paymentPath, setUpToken } from "./paths.ts";

describe("addresses", () => {
  it("keep an id inside its own part", () => {
    expect(paymentPath("../x")).toBe("/dashboard/payments/..%2Fx");
  });

  it("read the set-up token from the fragment", () => {
    expect(setUpToken("#token=a_b-c")).toBe("a_b-c");
    expect([setUpToken(""), setUpToken("#x")]).toEqual([null, null]);
  });
});
