/** Several merchants: a second one is added, keyed, paid, told apart, and paused. */
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { rowOf, signIn, typeCredentials } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

/** The server ends before its page does, which would go on asking it. */
async function leave(page: Page): Promise<void> {
  await page.goto("about:blank");
}

/** The secret key of the merchant whose settings are open. */
async function makeKey(page: Page): Promise<string> {
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog", { name: "New key" });
  await dialog.getByRole("button", { name: "Make the key" }).click();
  const shown = page.getByRole("region", { name: "The new key" });
  await expect(shown).toBeVisible();
  return (await shown.textContent())?.trim() ?? "";
}

async function sell(alone: World, key: string, orderReference: string): Promise<number> {
  const direct = alone.origin.replace("localhost", "127.0.0.1");
  const answer = await fetch(`${direct}/v1/payments`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ amount: 80, orderReference }),
  });
  const body = await answer.json();
  if (answer.status === 201) {
    await fetch(`${direct}/v1/payments/${body.id}/prompt`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ phoneNumber: alone.phone("01") }),
    });
  }
  return answer.status;
}

test("a second merchant is added, paid and told apart; until then there is nothing to choose", async ({
  page,
  ear,
  ownWorld,
}) => {
  ear.expectError(/status of 422 .*merchants$/);
  ear.expectError(/status of 403 .*merchants$/);
  const alone = await ownWorld();
  const first = await alone.sell();
  await signIn(page, alone);
  await expect(rowOf(page, first.orderReference)).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Merchant" })).toHaveCount(0);
  await expect(page.getByRole("columnheader", { name: "Merchant" })).toHaveCount(0);

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Add a merchant" }).click();
  await expect(page.getByRole("heading", { name: "Add a merchant", level: 1 })).toBeVisible();
  await expectAccessible(page);
  const add = page.getByRole("button", { name: "Add the merchant" });
  await add.click();
  await expect(page.getByText("This is missing.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.getByLabel("Name", { exact: true }).fill("Tea Kiosk");
  await page.getByRole("radio", { name: "Till (Buy Goods)" }).check();
  await expect(page.getByText(/Not the till number/)).toBeVisible();
  await page.getByLabel("Store number").fill("60001");
  await page.getByLabel("Till number").fill("5550001");
  await expectAccessible(page);
  alone.proofsRunOut();
  await add.click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await proof.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText(/Tea Kiosk was added/)).toBeVisible();
  await expect(page.getByText("Till 5550001, store number 60001")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Merchants", level: 1 })).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);

  await page.getByLabel("Name", { exact: true }).fill("Twin");
  await page.getByRole("radio", { name: "Pay bill" }).check();
  await page.getByLabel("Pay bill number").fill("600000");
  await add.click();
  await expect(page.getByText("A merchant with this number is here already.")).toBeVisible();
  await expect(page.getByLabel("Pay bill number")).toHaveValue("600000");

  await page.getByRole("link", { name: "Keys and websites of Tea Kiosk" }).click();
  await expect(page.getByRole("combobox", { name: "Merchant" })).toHaveValue(/^mer_/);
  await expect(page.getByText("There is no key yet.")).toBeVisible();
  await expectAccessible(page);
  const key = await makeKey(page);
  expect(await sell(alone, key, "TEA-1")).toBe(201);

  await page.getByRole("link", { name: "Payments" }).click();
  await expect(rowOf(page, "TEA-1")).toContainText("Tea Kiosk");
  await expect(rowOf(page, "TEA-1")).toContainText("Paid", { timeout: 20_000 });
  await expect(rowOf(page, first.orderReference)).toContainText("Mug Shop");
  await page.getByRole("combobox", { name: "Merchant" }).selectOption("Tea Kiosk");
  await expect(rowOf(page, first.orderReference)).toHaveCount(0);
  await expect(rowOf(page, "TEA-1")).toBeVisible();
  await expect(page).toHaveURL(/merchant=mer_/);
  await expectAccessible(page);
  await page.reload();
  await expect(rowOf(page, "TEA-1")).toBeVisible();
  await expect(rowOf(page, first.orderReference)).toHaveCount(0);
  await rowOf(page, "TEA-1").getByRole("link").click();
  await expect(page.getByText("Tea Kiosk")).toBeVisible();
  await leave(page);
});

test("a paused merchant takes no new payment until it is resumed", async ({ page, ownWorld }) => {
  const alone = await ownWorld();
  await page.goto(`${alone.origin}/dashboard/settings/merchants`);
  await typeCredentials(page, OWNER.email, OWNER.password);
  await page.getByLabel("Name", { exact: true }).fill("Tea Kiosk");
  await page.getByLabel("Pay bill number").fill("600001");
  await page.getByRole("button", { name: "Add the merchant" }).click();
  await page.getByRole("link", { name: "Keys and websites of Tea Kiosk" }).click();
  const key = await makeKey(page);
  await page.getByRole("link", { name: "Merchants", exact: true }).click();
  await page.getByRole("button", { name: "Pause Tea Kiosk" }).click();
  const question = page.getByRole("dialog", { name: "Pause Tea Kiosk" });
  await expectAccessible(page);
  await question.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  expect(await sell(alone, key, "TEA-2")).toBe(409);
  await page.getByRole("button", { name: "Resume Tea Kiosk" }).click();
  await page
    .getByRole("dialog", { name: "Resume Tea Kiosk" })
    .getByRole("button", { name: "Resume", exact: true })
    .click();
  await expect(page.getByText("Paused", { exact: true })).toHaveCount(0);
  expect(await sell(alone, key, "TEA-2")).toBe(201);
  await leave(page);
});
