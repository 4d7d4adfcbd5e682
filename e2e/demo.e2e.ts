/** The demo shop, which a newcomer opens first. */
import type { Page } from "@playwright/test";
import { enterPin, frameOf, heading, openHandset, payFrom, receiptIn } from "./customer.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { rowOf, signIn } from "./owner.ts";

const add = (page: Page, product: string) =>
  page.getByRole("button", { name: `Add: ${product}` }).click();
const pay = (page: Page) => page.getByRole("button", { name: /^Pay with M-Pesa/ }).click();

test("a newcomer buys something and finds it in the dashboard", async ({
  page,
  context,
  world,
}) => {
  const phone = world.phone("00");
  await page.goto(`${world.origin}/demo`);
  await expectAccessible(page);
  await add(page, "Nyeri coffee");
  await add(page, "Nyeri coffee");
  await add(page, "Lamu kikoi");
  await expectAccessible(page);
  await pay(page);
  const checkout = frameOf(page);
  await expect(heading(checkout, /KES 2,900/)).toBeVisible();
  await expectAccessible(page);
  await payFrom(checkout, phone);
  const prompt = await openHandset(await context.newPage(), world, phone);
  await enterPin(prompt);
  const receipt = await receiptIn(checkout);
  await checkout.getByRole("button", { name: "Done" }).click();
  const thanks = page.getByRole("region", { name: /Your order is paid/ });
  await expect(thanks).toContainText(receipt);
  await expect(page.getByTitle("Pay with M-Pesa")).toHaveCount(0);
  await expectAccessible(page);
  const order = /DUKA-\w{6}/.exec((await thanks.textContent()) ?? "")?.[0] ?? "";

  const dashboard = await context.newPage();
  await signIn(dashboard, world);
  await expect(rowOf(dashboard, order)).toContainText(receipt);
});

test("after a cancelled try the basket and its one order are kept", async ({ page, world }) => {
  await page.goto(`${world.origin}/demo`);
  await add(page, "Mwingi honey");
  await pay(page);
  const checkout = frameOf(page);
  await payFrom(checkout, world.phone("02"));
  await expect(heading(checkout, "You cancelled on your phone")).toBeVisible();
  const order = await checkout.getByText(/DUKA-\w{6}/).textContent();
  await checkout.getByRole("button", { name: "Close" }).click();
  await expect(page.getByText("The order is kept.")).toBeVisible();
  await pay(page);
  await expect(checkout.getByText(order ?? "")).toBeVisible();
});

test("in Swahili on a small phone", async ({ page, world }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`${world.origin}/demo?lang=sw`);
  await expect(page.locator("html")).toHaveAttribute("lang", "sw");
  await page.getByRole("button", { name: /^Weka: Kahawa/ }).click();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Lipa kwa M-Pesa/ }).click();
  const checkout = frameOf(page, "Lipa kwa M-Pesa");
  await expect(heading(checkout, /^Lipa KES 850$/)).toBeVisible();
  await expectNoSidewaysScroll(page);
});
