import { expect, test } from "vitest";
import { originOf } from "./websites.tsx";

test.each([
  ["shop.co.ke", "https://shop.co.ke"],
  [" https://Shop.co.ke/cart?x=1 ", "https://shop.co.ke"],
  ["https://shop.co.ke:8443", "https://shop.co.ke:8443"],
  ["http://localhost:3000/", "http://localhost:3000"],
])("%s is the website %s", (typed, origin) => {
  expect(originOf(typed)).toBe(origin);
});

test.each(["", "shop", "http://shop.co.ke", "javascript://shop.co.ke", "https://", "a b.co.ke"])(
  "%s is none",
  (typed) => {
    expect(originOf(typed)).toBeNull();
  },
);
