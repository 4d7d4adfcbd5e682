/** What strangers may write where an e-mail address is wanted. */
import { expect, test } from "vitest";
import { emailAddress } from "./people-api.ts";

test.each(["you@shop.co.ke", " You@Shop.co.KE ", "a.b+c@x.y"])(
  "%j is an e-mail address",
  (text) => {
    expect(emailAddress.parse(text)).toBe(text.trim().toLowerCase());
  },
);

test.each([
  "",
  "you",
  "you@shop",
  "@shop.co.ke",
  "you@.ke",
  "you@shop.",
  "you@shop..ke",
  "a b@shop.ke",
  "a@b@shop.ke",
])("%j is none", (text) => {
  expect(emailAddress.safeParse(text).success).toBe(false);
});

test("the pattern never sees a text that is too long", () => {
  for (const text of [`a@${".".repeat(300)}@`, "a".repeat(16_000), `a@b.${"c".repeat(300)}`]) {
    const { error } = emailAddress.safeParse(text);
    expect(error?.issues.map(({ code }) => code)).toEqual(["too_big"]);
  }
});
