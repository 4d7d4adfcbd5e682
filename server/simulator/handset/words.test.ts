import { expect, test } from "vitest";
import { messageDate, messageTime, secondsUntil } from "./format.ts";
import { messageText } from "./messages.tsx";
import { WORDS } from "./words.ts";

const AT = Date.parse("2026-11-23T19:54:00Z");
const message = {
  id: "prm_1",
  at: AT,
  note: "paid",
  phone: "0700 000 000",
  merchantName: "Demo Shop",
  amount: 1250,
  accountReference: "ABC123",
  receipt: "UKN1A2B3C4",
  resultCode: "0",
  callbacksDue: 0,
  callbacksDelivered: 1,
} as const;

test("the message is worded as M-Pesa words it, in both languages", () => {
  const english = messageText(message, WORDS.en, "en").replaceAll("\u00a0", " ");
  expect(english).toBe(
    "UKN1A2B3C4 Confirmed. KES 1,250.00 sent to DEMO SHOP for account ABC123 on 23/11/26 at 10:54 PM.",
  );
  expect(messageText(message, WORDS.sw, "sw")).toMatch(/^UKN1A2B3C4 Imethibitishwa\..*22:54\.$/);
});

test("times are Nairobi's, and midnight and noon are twelve o'clock", () => {
  expect(messageDate(Date.parse("2026-11-23T21:30:00Z"))).toBe("24/11/26");
  expect(messageTime(Date.parse("2026-11-23T21:30:00Z"), "en")).toBe("12:30 AM");
  expect(messageTime(Date.parse("2026-11-23T09:05:00Z"), "en")).toBe("12:05 PM");
});

test("a countdown never goes below zero", () => {
  expect(secondsUntil(AT, AT + 5_000)).toBe(0);
  expect(secondsUntil(AT + 1_200, AT)).toBe(2);
});

test("what the shop was told is never claimed before it was", () => {
  expect(WORDS.en.told(0, 1)).toBe("The shop will be told");
  expect(WORDS.en.told(0, 0)).toBe("The shop was not told");
  expect(WORDS.en.told(2, 0)).toBe("The shop was told 2 times");
});
