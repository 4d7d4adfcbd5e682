/** The main job: a customer pays in a shop's page, and the shop's owner sees it at once. */
import {
  enterPin,
  frameOf,
  heading,
  openHandset,
  openOverlay,
  payButton,
  payFrom,
  phoneField,
  receiptIn,
} from "./customer.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";
import { rowOf, signIn, untilLive } from "./owner.ts";

/** A fraction of a second on a quiet machine. A page without its socket would have read after 5 s at the earliest. */
const SAME_MOMENT_MS = 3_000;

/** The moment (epoch ms) at which these words appear; seen in the page, since asking takes longer. */
function momentOf(element: Element, words: string): Promise<number> {
  return new Promise((resolve) => {
    new MutationObserver((_changes, observer) => {
      if (!element.textContent?.includes(words)) return;
      observer.disconnect();
      resolve(Date.now());
    }).observe(element, { subtree: true, childList: true, characterData: true });
  });
}

test("a customer pays on the handset; shop and dashboard see it the same moment", async ({
  page,
  context,
  world,
}) => {
  const payment = await world.sell();
  const phone = world.phone("00");
  const dashboard = await context.newPage();
  await signIn(dashboard, world);
  await untilLive(dashboard);
  const row = rowOf(dashboard, payment.orderReference);
  await expect(row).toContainText("Open");

  await page.bringToFront();
  const checkout = await openOverlay(page, world, payment);
  await expectAccessible(page);
  await payFrom(checkout, phone);
  await expect(heading(checkout, "Check your phone")).toBeFocused();
  await expect(checkout.getByText(`ending in ${phone.slice(-4)}`)).toBeVisible();
  await expect(row).toContainText("Waiting");

  const handset = await context.newPage();
  const prompt = await openHandset(handset, world, phone);
  await expect(prompt).toContainText("KES 1,250");
  await expect(prompt).toContainText("MUG SHOP");
  await expectAccessible(handset);
  const shown = row.evaluate(momentOf, "Paid");
  await enterPin(prompt);

  const receipt = await receiptIn(checkout);
  await expectAccessible(page);
  await expect(handset.getByRole("listitem").filter({ hasText: receipt })).toBeVisible();
  await expectAccessible(handset);
  await expect(row).toContainText(receipt);
  await expectAccessible(dashboard);

  const paid = await world.payment(payment.id);
  expect(paid).toMatchObject({ status: "confirmed", receipt, flags: [] });
  expect(paid.attempts).toHaveLength(1);
  const learntAt = Date.parse(paid.attempts[0]?.resolvedAt ?? "");
  expect((await shown) - learntAt).toBeLessThan(SAME_MOMENT_MS);
  expect(await world.promptsOnPhones(payment)).toBe(1);
});

test("a customer pays inline in the shop's page", async ({ page, world }) => {
  const payment = await world.sell();
  await page.goto(world.shop.address("inline", payment.checkoutToken));
  const checkout = frameOf(page);
  await expect(phoneField(checkout)).toBeVisible();
  await expectAccessible(page);
  await payFrom(checkout, world.phone("01"));
  const receipt = await receiptIn(checkout);
  await expectAccessible(page);
  expect(await world.payment(payment.id)).toMatchObject({ status: "confirmed", receipt });
});

test("a customer pays from the shop's own button, and is led on to the shop's page", async ({
  page,
  world,
}) => {
  const payment = await world.sell();
  const extra = { "success-url": "/thanks", label: "Pay the mug" };
  await page.goto(world.shop.address("button", payment.checkoutToken, extra));
  await page.getByRole("button", { name: "Buy the mug" }).click();
  const checkout = frameOf(page, "Pay the mug");
  await payFrom(checkout, world.phone("01"));
  await receiptIn(checkout);
  await checkout.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("heading", { name: "Thank you" })).toBeVisible();
});

test("a customer pays on the hosted page", async ({ page, world }) => {
  const payment = await world.sell();
  await page.goto(payment.checkoutUrl);
  await expect(heading(page, /^Pay KES 1,250$/)).toBeVisible();
  await expect(page.getByText(`Order ${payment.orderReference}`)).toBeVisible();
  await expectAccessible(page);
  await payFrom(page, world.phone("01"));
  await expect(heading(page, "Check your phone")).toBeVisible();
  await expectAccessible(page);
  const receipt = await receiptIn(page);
  await expectAccessible(page);
  expect(await world.payment(payment.id)).toMatchObject({ status: "confirmed", receipt });
  await page.reload();
  expect(await receiptIn(page)).toBe(receipt);
});

test("two clicks on Pay make one prompt", async ({ page, world }) => {
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  await phoneField(checkout).fill(world.phone("01"));
  await payButton(checkout).dblclick();
  await receiptIn(checkout);
  const paid = await world.payment(payment.id);
  expect(paid.attempts).toHaveLength(1);
  expect(await world.promptsOnPhones(payment)).toBe(1);
});

test("a number that is none is named beside the field, and nothing is sent", async ({
  page,
  world,
}) => {
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, "12345");
  await expect(checkout.getByRole("alert")).toHaveText(/Enter a Kenyan mobile number/);
  await expect(phoneField(checkout)).toBeFocused();
  await expect(phoneField(checkout)).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  expect((await world.payment(payment.id)).attempts).toEqual([]);
});
