/** Several merchants: a second one is added, keyed, paid, told apart, given other credentials, and paused. */
import type { Locator, Page } from "@playwright/test";
import { darajaEnv, localDaraja } from "../server/local-daraja.test-support.ts";
import type { TestScenario } from "../shared/handset-view.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { rowOf, signIn, typeCredentials, untilLive } from "./owner.ts";
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

async function sell(
  alone: World,
  key: string,
  orderReference: string,
  ends: TestScenario = "01",
): Promise<number> {
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
      body: JSON.stringify({ phoneNumber: alone.phone(ends) }),
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

test("limits, the time that numbers are kept and alerts are each merchant's own", async ({
  page,
  ownWorld,
}) => {
  const alone = await ownWorld();
  await signIn(page, alone);
  await page.evaluate(async () => {
    const body = JSON.stringify({ name: "Tea Kiosk", kind: "paybill", shortcode: "600001" });
    const headers = { "Content-Type": "application/json" };
    await fetch("/dashboard/api/merchants", { method: "POST", headers, body });
  });
  await page.reload();
  await ownSettings(page);
  await page.getByRole("link", { name: "Shop", exact: true }).click();
  const key = await makeKey(page);
  await ownAlerts(page, alone, key);
  await onATabletInSwahili(page, alone);
  await leave(page);
});

/** Limits and the time that numbers are kept are one merchant's; an erasure is everybody's. */
async function ownSettings(page: Page): Promise<void> {
  const which = page.getByRole("combobox", { name: "Merchant" });
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Prompts", exact: true }).click();
  await expect(page.getByText("Prompts of every merchant here count")).toBeVisible();
  await which.selectOption("Tea Kiosk");
  await expect(page).toHaveURL(/merchant=mer_/);
  const aDay = page.getByLabel("On one phone in a day");
  await aDay.fill("9");
  await page.getByRole("button", { name: "Save the limits" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expectAccessible(page);
  await which.selectOption("Mug Shop");
  await expect(aDay).toHaveValue("12");
  await which.selectOption("Tea Kiosk");
  await expect(aDay).toHaveValue("9");

  await page.getByRole("link", { name: "Privacy" }).click();
  await expect(which).toHaveValue(/^mer_/);
  await expect(page.getByText("The number goes from every merchant here")).toBeVisible();
  const kept = page.getByRole("region", { name: "How long numbers are kept" });
  await kept.getByLabel("1 year").check();
  await kept.getByRole("button", { name: "Change" }).click();
  const question = page.getByRole("dialog", { name: "Erase numbers after 1 year?" });
  await question.getByLabel("Name of your shop").fill("Mug Shop");
  await question.getByRole("button", { name: "Erase by age from now on" }).click();
  await expect(question.getByText("This is not the name of your shop.")).toBeVisible();
  await question.getByLabel("Name of your shop").fill("Tea Kiosk");
  await question.getByRole("button", { name: "Erase by age from now on" }).click();
  await expect(kept.getByText("Saved.")).toBeVisible();
  await expectAccessible(page);
  await which.selectOption("Mug Shop");
  await expect(kept.getByLabel("For ever")).toBeChecked();
  await which.selectOption("Tea Kiosk");
  await expect(kept.getByLabel("1 year")).toBeChecked();
}

/** The line above the page says whose payment wants a person. */
async function ownAlerts(page: Page, alone: World, key: string): Promise<void> {
  await page.evaluate(() => {
    localStorage.setItem("lipia.alerts", JSON.stringify({ kinds: ["review"], ways: [] }));
  });
  await page.reload();
  await untilLive(page);
  expect(await sell(alone, key, "TEA-9", "17")).toBe(201);
  const bar = page.getByRole("complementary", { name: "Alerts" });
  await expect(bar.getByRole("link", { name: "Tea Kiosk · TEA-9 · KES 80" })).toBeVisible();
}

/** Long flags beside a column of merchants: the widest that the list becomes. */
async function onATabletInSwahili(page: Page, alone: World): Promise<void> {
  await page.setViewportSize({ width: 768, height: 900 });
  await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
  alone.tamper(`update payments set flags = '["late"]'`);
  await page.goto(`${alone.origin}/dashboard/payments`);
  await expect(rowOf(page, "TEA-9")).toContainText("Imelipwa kwa kuchelewa");
  await expectNoSidewaysScroll(page);
}

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

test("other credentials are proved: refused beside their field, then kept, and no secret stays", async ({
  page,
  ear,
  ownWorld,
}) => {
  ear.expectError(/status of 422 .*credentials$/);
  await using daraja = await localDaraja();
  daraja.onToken = (app) =>
    app.endsWith(":wrong")
      ? { status: 400, body: "" }
      : { status: 200, body: { access_token: "t".repeat(28), expires_in: "3599" } };
  const alone = await ownWorld({ env: darajaEnv(daraja) });
  await page.goto(`${alone.origin}/dashboard/settings/merchants`);
  await typeCredentials(page, OWNER.email, OWNER.password);
  await page.getByLabel("Name", { exact: true }).fill("Tea Kiosk");
  await page.getByLabel("Pay bill number").fill("600001");
  await typeSecrets(page, "secret");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add the merchant" }).click();
  await expect(page.getByText(/Tea Kiosk was added/)).toBeVisible();

  const change = page.getByRole("button", { name: "Change the credentials of Tea Kiosk" });
  await change.click();
  const dialog = page.getByRole("dialog", { name: "Change the credentials of Tea Kiosk" });
  const prove = dialog.getByRole("button", { name: "Prove and keep them" });
  await prove.click();
  await expect(dialog.getByText("This is missing.")).toHaveCount(3);
  await expectAccessible(page);
  await typeSecrets(dialog, "wrong");
  await prove.click();
  const key = dialog.getByLabel("Consumer key");
  await expect(key).toHaveAccessibleDescription(/M-PESA refused this consumer key and secret/);
  await expect(key).toBeFocused();
  await expect(key).toHaveValue("key");
  await expectAccessible(page);
  await typeSecrets(dialog, "newer");
  await prove.click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("M-PESA took the new credentials of Tea Kiosk")).toBeVisible();
  await expect(change).toBeFocused();
  await change.click();
  await expect(dialog.getByLabel("Consumer secret", { exact: true })).toHaveValue("");

  await page.setViewportSize({ width: 320, height: 640 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
  await page.reload();
  await page
    .getByRole("button", { name: /Tea Kiosk/ })
    .last()
    .click();
  await expect(page.getByRole("dialog", { name: /Tea Kiosk/ })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await leave(page);
});

async function typeSecrets(within: Page | Locator, consumerSecret: string): Promise<void> {
  await within.getByLabel("Consumer key").fill("key");
  await within.getByLabel("Consumer secret", { exact: true }).fill(consumerSecret);
  await within.getByLabel("Passkey", { exact: true }).fill("passkey");
}
