/** Every ordinary way not to pay: what the customer reads, the one next step, what the shop learns. */
import type { TestScenario } from "../shared/handset-view.ts";
import { nairobiDate } from "../shared/nairobi.ts";
import { receiptDateLetters } from "../shared/receipt.ts";
import {
  enterPin,
  heading,
  openHandset,
  openOverlay,
  payFrom,
  phoneField,
  readable,
  receiptIn,
} from "./customer.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

interface Ending {
  readonly what: string;
  readonly scenario: TestScenario;
  readonly says: string;
  readonly status: string;
  readonly reason: string;
  readonly resultCode: string;
}

const ENDINGS: readonly Ending[] = [
  {
    what: "nobody answers",
    scenario: "03",
    says: "Your phone did not answer",
    status: "expired",
    reason: "unreachable",
    resultCode: "1037",
  },
  {
    what: "the phone is off",
    scenario: "06",
    says: "Your phone did not answer",
    status: "expired",
    reason: "unreachable",
    resultCode: "1037",
  },
  {
    what: "there is not enough money",
    scenario: "04",
    says: "Not enough money in M-PESA",
    status: "failed",
    reason: "insufficient_funds",
    resultCode: "1",
  },
  {
    what: "the PIN is wrong",
    scenario: "05",
    says: "That PIN was not right",
    status: "failed",
    reason: "wrong_pin",
    resultCode: "2001",
  },
];

for (const { what, scenario, says, status, reason, resultCode } of ENDINGS) {
  test(`${what}: the customer reads why and can try again`, async ({ page, world }) => {
    const payment = await world.sell();
    const phone = world.phone(scenario);
    const checkout = await openOverlay(page, world, payment);
    await payFrom(checkout, phone);
    await expect(heading(checkout, says)).toBeFocused();
    await expect(checkout.getByText("Nothing was taken.")).toBeVisible();
    const again = checkout.getByRole("button", { name: `Try again with ${readable(phone)}` });
    await expect(again).toBeEnabled();
    await expectAccessible(page);
    const unpaid = await world.payment(payment.id);
    expect(unpaid).toMatchObject({ status, closed: false, receipt: null });
    expect(unpaid.attempts).toMatchObject([{ state: "failed", reason, resultCode }]);
  });
}

test("cancelled on the handset, then paid at the second try", async ({ page, context, world }) => {
  const payment = await world.sell();
  const phone = world.phone("00");
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, phone);

  const handset = await context.newPage();
  const prompt = await openHandset(handset, world, phone);
  await prompt.getByRole("button", { name: "Cancel" }).click();
  await expect(heading(checkout, "You cancelled on your phone")).toBeVisible();
  await expectAccessible(page);
  expect(await world.payment(payment.id)).toMatchObject({
    status: "cancelled",
    closed: false,
    attempts: [{ state: "failed", reason: "cancelled", resultCode: "1032" }],
  });

  await checkout.getByRole("button", { name: `Try again with ${readable(phone)}` }).click();
  await expect(heading(checkout, "Check your phone")).toBeVisible();
  await expect(prompt).toContainText(readable(phone));
  await enterPin(prompt);
  const receipt = await receiptIn(checkout);
  const paid = await world.payment(payment.id);
  expect(paid).toMatchObject({ status: "confirmed", receipt });
  expect(paid.attempts.map(({ state }) => state)).toEqual(["failed", "confirmed"]);
});

test("rung out on the handset, then paid with another number", async ({ page, context, world }) => {
  const payment = await world.sell();
  const phone = world.phone("00");
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, phone);
  const handset = await context.newPage();
  await openHandset(handset, world, phone);
  await handset.getByRole("button", { name: /^Let it ring out/ }).click();
  await expect(heading(checkout, "Your phone did not answer")).toBeVisible();
  expect(await world.payment(payment.id)).toMatchObject({ status: "expired" });

  await checkout.getByRole("button", { name: "Use another number" }).click();
  await expect(phoneField(checkout)).toHaveValue("");
  await payFrom(checkout, world.phone("01"));
  await receiptIn(checkout);
  const paid = await world.payment(payment.id);
  expect(paid.attempts.map(({ state }) => state)).toEqual(["failed", "confirmed"]);
});

test("in doubt, the customer is told not to pay again, and cannot", async ({ page, world }) => {
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, world.phone("20"));
  await expect(heading(checkout, "We are finding out what happened")).toBeVisible();
  await expect(checkout.getByText(/Do not pay again yet/)).toBeVisible();
  await expect(checkout.getByRole("button", { name: /pay|try again/i })).toHaveCount(0);
  await expectAccessible(page);
  expect(await world.payment(payment.id)).toMatchObject({
    status: "in_doubt",
    closed: false,
    attempts: [{ state: "in_doubt" }],
  });
  const body = { phoneNumber: world.phone("01") };
  const again = await world.api(`/v1/payments/${payment.id}/prompt`, { method: "POST", body });
  expect(again.status).toBe(409);
  await page.reload();
  await page.getByRole("button", { name: "Pay with M-Pesa" }).click();
  await expect(heading(checkout, "We are finding out what happened")).toBeVisible();
});

test("in doubt, the code of the SMS is noted, and nobody believes it", async ({
  page,
  world,
  ear,
}) => {
  ear.expectError(/status of 422/);
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, world.phone("20"));
  await checkout.getByText("Got an SMS from M-PESA? Enter its code").click();
  const field = checkout.getByRole("textbox", { name: "M-PESA code" });
  const send = checkout.getByRole("button", { name: "Send the code" });
  await field.fill("I have paid");
  await send.click();
  await expect(checkout.getByRole("alert")).toContainText("This is no M-PESA code");
  await field.fill("AAA1B2C3D4");
  await send.click();
  await expect(checkout.getByRole("alert")).toContainText("This code is of another day");
  await expectAccessible(page);
  const { year, month, day } = nairobiDate(Date.now());
  await field.fill(`${receiptDateLetters(year, month, day)}7Q2W3E4 Confirmed. Ksh50.00 sent to`);
  await send.click();
  await expect(checkout.getByText("Thank you, the code is noted.")).toBeVisible();
  await expectAccessible(page);
  expect(await world.payment(payment.id)).toMatchObject({ status: "in_doubt", receipt: null });
});
