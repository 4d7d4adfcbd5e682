/** What the shop's page is told, and what it gets when it makes a mistake. */
import type { Page } from "@playwright/test";
import { frameOf, heading, openOverlay, payFrom, receiptIn } from "./customer.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

interface Heard {
  readonly name: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The events that the shop's page wrote down, in order. */
async function heardBy(page: Page): Promise<readonly Heard[]> {
  const lines = page.getByRole("list", { name: "Events" }).getByRole("listitem");
  const texts = await lines.allTextContents();
  return texts.map((text) => {
    const space = text.indexOf(" ");
    return { name: text.slice(0, space), detail: JSON.parse(text.slice(space + 1)) };
  });
}

test("the shop's page hears what happens, and none of it claims to be proof", async ({
  page,
  world,
}) => {
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, world.phone("01"));
  const receipt = await receiptIn(checkout);
  await checkout.getByRole("button", { name: "Close" }).click();
  await expect(page.getByTitle("Pay with M-Pesa")).toHaveCount(0);
  const heard = await heardBy(page);
  expect(heard.map(({ name }) => name)).toEqual([
    "lipia:open",
    "lipia:ready",
    "lipia:status",
    "lipia:status",
    "lipia:confirmed",
    "lipia:close",
  ]);
  const { id: paymentId, orderReference } = payment;
  const always = { paymentId, orderReference, verified: false };
  expect(heard[0]?.detail).toEqual({ verified: false });
  expect(heard[1]?.detail).toEqual({ ...always, status: "open" });
  expect(heard[2]?.detail).toEqual({ ...always, status: "pending" });
  expect(heard[4]?.detail).toEqual({ ...always, status: "confirmed", receipt });
});

test("an unsuccessful try is told under its own name", async ({ page, world }) => {
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, world.phone("06"));
  await expect(heading(checkout, "Your phone did not answer")).toBeVisible();
  const heard = await heardBy(page);
  expect(heard.at(-1)).toMatchObject({ name: "lipia:unsuccessful", detail: { status: "expired" } });
});

test("a page can open the checkout by script and close it with Escape", async ({ page, world }) => {
  const payment = await world.sell();
  await page.goto(world.shop.address("script", payment.checkoutToken));
  await page.getByRole("button", { name: "Buy by script" }).click();
  await expect(heading(frameOf(page), /^Pay KES/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTitle("Pay with M-Pesa")).toHaveCount(0);
  const names = (await heardBy(page)).map(({ name }) => name);
  expect(names).toEqual(["lipia:open", "lipia:ready", "lipia:close"]);
});

test("a token that opens nothing is answered with a friendly page", async ({
  page,
  world,
  ear,
}) => {
  ear.expectError(/status of 404/);
  ear.expectError(/^Lipia: .*token/);
  const reads: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/checkout/v1/")) reads.push(request.url());
  });
  await page.goto(world.shop.address("overlay", "ct_nobody_knows_this"));
  await page.getByRole("button", { name: "Pay with M-Pesa" }).click();
  const checkout = frameOf(page);
  await expect(heading(checkout, "This payment page was not found")).toBeVisible();
  await expectAccessible(page);
  expect((await heardBy(page)).at(-1)).toMatchObject({
    name: "lipia:error",
    detail: { code: "not_found", verified: false },
  });
  await checkout.getByRole("button", { name: "Close" }).click();
  await expect(page.getByTitle("Pay with M-Pesa")).toHaveCount(0);

  await page.goto(`${world.origin}/pay/ct_nobody_knows_this`);
  await expect(heading(page, "This payment page was not found")).toBeVisible();
  await expectAccessible(page);
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expectAccessible(page);
  expect(reads, "reads of a payment that is none").toEqual([]);
});

test("a token that is none is named to the shop's developer", async ({ page, world, ear }) => {
  ear.expectError(/^Lipia: .*checkoutToken/);
  await page.goto(world.shop.address("inline", "oops"));
  await expect(page.getByRole("list", { name: "Events" })).toContainText("lipia:error");
  expect(await heardBy(page)).toMatchObject([
    { name: "lipia:error", detail: { code: "bad_token", verified: false } },
  ]);
});
