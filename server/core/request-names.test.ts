/** Names of requests beside phone numbers in a text that is blanked of every number. */
import { expect, test } from "vitest";
import { withoutPhones } from "./blanked.ts";

test("a request's name that ends in no number stays, and one that does loses it", () => {
  const text = "ws_CO_24112026 then ws_CO_24112026120001234712345678";
  expect(withoutPhones(text)).toBe("ws_CO_24112026 then ws_CO_24112026120001234000000000");
});
