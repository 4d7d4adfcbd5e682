/** The checkout for those who read Swahili, use a small phone, a dark screen or only a keyboard. */
import { frameOf, heading, openOverlay, payFrom, phoneField, receiptIn } from "./customer.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";

test("in Swahili, as the shop wishes", async ({ page, world }) => {
  const payment = await world.sell();
  await page.goto(world.shop.address("overlay", payment.checkoutToken, { locale: "sw" }));
  await page.getByRole("button", { name: "Lipa kwa M-Pesa" }).click();
  const checkout = frameOf(page, "Lipa kwa M-Pesa");
  await expect(heading(checkout, /^Lipa KES 1,250$/)).toBeVisible();
  await expect(checkout.getByText("Majaribio: hakuna pesa halisi.")).toBeVisible();
  await expectAccessible(page);
  await checkout.getByLabel("Nambari ya simu ya M-PESA").fill(world.phone("04"));
  await checkout.getByRole("button", { name: /^Lipa KES/ }).click();
  await expect(heading(checkout, "Angalia simu yako")).toBeVisible();
  await expect(heading(checkout, "Salio la M-PESA halitoshi")).toBeVisible();
  await expectAccessible(page);
  await checkout.getByRole("button", { name: "English" }).click();
  await expect(heading(checkout, "Not enough money in M-PESA")).toBeVisible();
});

test.describe("on a phone 320 px wide", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  for (const theme of ["light", "dark"] as const) {
    test(`nothing is cut off or scrolls sideways, ${theme}`, async ({ page, world }) => {
      const payment = await world.sell({
        description: "A very long description of a mug, with its glaze and its handle ".repeat(3),
        orderReference: `ORDER-WITHOUT-ANY-BREAK-${"X".repeat(20)}-${Date.now()}`,
        amount: 250_000,
      });
      const checkout = await openOverlay(page, world, payment, { theme });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await payFrom(checkout, world.phone("01"));
      await expect(heading(checkout, "Check your phone")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await receiptIn(checkout);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    });
  }
});

test("with the keyboard alone", async ({ page, world }) => {
  const payment = await world.sell();
  await page.goto(world.shop.address("overlay", payment.checkoutToken));
  const pay = page.getByRole("button", { name: "Pay with M-Pesa" });
  await expect(pay).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(pay).toBeFocused();
  await page.keyboard.press("Enter");
  const checkout = frameOf(page);
  await expect(phoneField(checkout)).toBeFocused();
  await page.keyboard.type(world.phone("06"));
  await page.keyboard.press("Enter");
  await expect(heading(checkout, "Your phone did not answer")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(checkout.getByRole("button", { name: "Use another number" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(phoneField(checkout)).toBeFocused();
  await page.keyboard.type(world.phone("01"));
  await page.keyboard.press("Enter");
  await receiptIn(checkout);
  await expect(heading(checkout, "Paid")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(pay).toBeFocused();
  expect(await world.payment(payment.id)).toMatchObject({ status: "confirmed" });
});

test("a live region says what happens", async ({ page, world }) => {
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  const voice = checkout.getByRole("status");
  await payFrom(checkout, world.phone("01"));
  await expect(voice).toHaveText(/Check your phone/);
  await expect(voice).toHaveText("Paid");
});
