/** What the shop's owner does in the dashboard. */
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { OWNER, type World } from "./world.ts";

/** Signs in at the list of payments and waits for it; signing in stays at the address. */
export async function signIn(page: Page, world: World): Promise<void> {
  await page.goto(`${world.origin}/dashboard/payments`);
  await typeCredentials(page, OWNER.email, OWNER.password);
  await expect(page.getByRole("heading", { name: "Payments", level: 1 })).toBeVisible();
}

export async function typeCredentials(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The row of a payment in the list. */
export function rowOf(page: Page, orderReference: string): Locator {
  const link = page.getByRole("link", { name: orderReference, exact: true });
  return page.getByRole("row").filter({ has: link });
}

/** The connection's state as the bar says it. */
export async function untilLive(page: Page): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();
}
