/** What a customer does, by the roles and labels that everybody gets. */
import type { FrameLocator, Locator, Page } from "@playwright/test";
import type { PaymentObject } from "../shared/api.ts";
import { expect } from "./fixtures.ts";
import type { World } from "./world.ts";

/** A checkout: the frame in a shop, or the hosted page. */
export type Checkout = Page | FrameLocator;

export const phoneField = (checkout: Checkout) => checkout.getByLabel("M-PESA phone number");
export const payButton = (checkout: Checkout) => checkout.getByRole("button", { name: /^Pay KES/ });
export const heading = (checkout: Checkout, name: string | RegExp) =>
  checkout.getByRole("heading", { level: 1, name });

/** The checkout's frame in a shop's page. */
export function frameOf(page: Page, title = "Pay with M-Pesa"): FrameLocator {
  return page.getByTitle(title).contentFrame();
}

/** Opens the shop, presses its button and gives the checkout over the page. */
export async function openOverlay(
  page: Page,
  world: World,
  payment: PaymentObject,
  extra?: Readonly<Record<string, string>>,
): Promise<FrameLocator> {
  await page.goto(world.shop.address("overlay", payment.checkoutToken, extra));
  await page.getByRole("button", { name: "Pay with M-Pesa" }).click();
  const checkout = frameOf(page);
  await expect(phoneField(checkout)).toBeVisible();
  return checkout;
}

export async function payFrom(checkout: Checkout, phone: string): Promise<void> {
  await phoneField(checkout).fill(phone);
  await payButton(checkout).click();
}

/** "0700012300" as pages show it. */
export function readable(phone: string): string {
  return `${phone.slice(0, 4)} ${phone.slice(4, 7)} ${phone.slice(7)}`;
}

/** Opens the handset and gives the prompt on this phone's screen. */
export async function openHandset(page: Page, world: World, phone: string): Promise<Locator> {
  await page.goto(`${world.origin}/handset`);
  const prompt = page.getByRole("dialog", { name: "Payment request" });
  await expect(prompt).toContainText(readable(phone));
  return prompt;
}

/** Types a PIN on the handset and sends it. */
export async function enterPin(prompt: Locator, pin = "2580"): Promise<void> {
  await prompt.getByLabel("Enter M-PESA PIN").fill(pin);
  await prompt.getByRole("button", { name: "Send" }).click();
}

/** The result screen with its receipt; gives the receipt. */
export async function receiptIn(checkout: Checkout, patienceMs = 10_000): Promise<string> {
  await expect(heading(checkout, "Paid")).toBeVisible({ timeout: patienceMs });
  return (await checkout.getByText(/^[A-Z0-9]{10}$/).textContent()) ?? "";
}
