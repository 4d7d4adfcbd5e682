/** The README's pictures, made by `SCREENSHOTS=1`; other runs leave the tree as it is. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { TestScenario } from "../shared/handset-view.ts";
import { enterPin, frameOf, heading, openHandset, payFrom, receiptIn } from "./customer.ts";
import { expect, test } from "./fixtures.ts";
import { signIn, untilLive } from "./owner.ts";
import type { World } from "./world.ts";

const FOLDER = fileURLToPath(new URL("../docs/images/", import.meta.url));
const PHONE = { width: 390, height: 760 };
const DESK = { width: 1280, height: 800 };

/** A morning in a small shop: order, shillings, and what its customers' phones do. */
const MORNING: readonly (readonly [order: string, amount: number, phone: TestScenario])[] = [
  ["DUKA-2031", 2_450, "01"],
  ["DUKA-2032", 650, "01"],
  ["DUKA-2033", 12_800, "04"],
  ["DUKA-2034", 380, "01"],
  ["DUKA-2035", 1_550, "02"],
  ["DUKA-2036", 4_200, "20"],
  ["DUKA-2037", 850, "01"],
  ["DUKA-2038", 2_050, "06"],
  ["DUKA-2039", 3_600, "17"],
  ["DUKA-2040", 1_200, "01"],
  ["DUKA-2041", 760, "05"],
  ["DUKA-2042", 5_150, "01"],
];

test.use({
  colorScheme: "light",
  deviceScaleFactor: 2,
  contextOptions: { reducedMotion: "reduce" },
});

/** Twice the pixels for what is shown small; wide pictures are small enough as they are. */
async function picture(page: Page, name: string, scale: "css" | "device"): Promise<void> {
  const path = `${FOLDER}${name}.png`;
  await page.mouse.move(0, 0);
  await page.screenshot({ path, scale, animations: "disabled", caret: "hide" });
}

async function morning(world: World): Promise<void> {
  for (const [orderReference, amount, scenario] of MORNING) {
    const payment = await world.sell({ orderReference, amount, description: "Demo basket" });
    const body = { phoneNumber: world.phone(scenario) };
    await world.api(`/v1/payments/${payment.id}/prompt`, { method: "POST", body });
  }
}

test("the README's pictures", async ({ page, context, ownWorld }) => {
  test.setTimeout(120_000);
  mkdirSync(FOLDER, { recursive: true });
  const world = await ownWorld({ merchantName: "Duka la Amani" });
  await morning(world);
  const phone = "0700000000";

  await page.setViewportSize(PHONE);
  await page.goto(`${world.origin}/demo`);
  await page.getByRole("button", { name: "Add: Nyeri coffee" }).click();
  await page.getByRole("button", { name: "Add: Lamu kikoi" }).click();
  await page.getByRole("button", { name: /^Pay with M-Pesa/ }).click();
  const checkout = frameOf(page);
  await checkout.getByLabel("M-PESA phone number").fill("0700 000 000");
  await picture(page, "checkout", "device");
  await payFrom(checkout, phone);
  await expect(heading(checkout, "Check your phone")).toBeVisible();
  await picture(page, "waiting", "device");

  const handset = await context.newPage();
  await handset.setViewportSize(DESK);
  const prompt = await openHandset(handset, world, phone);
  await prompt.getByLabel("Enter M-PESA PIN").fill("25");
  await picture(handset, "handset", "css");
  await enterPin(prompt);
  const receipt = await receiptIn(checkout);
  await picture(page, "paid", "device");

  const dashboard = await context.newPage();
  await dashboard.setViewportSize(DESK);
  await signIn(dashboard, world);
  await untilLive(dashboard);
  await expect(dashboard.getByRole("row").filter({ hasText: receipt })).toBeVisible();
  await picture(dashboard, "dashboard", "css");
  await dashboard.getByRole("row").filter({ hasText: receipt }).getByRole("link").click();
  await expect(dashboard.getByRole("heading", { name: "What happened" })).toBeVisible();
  await picture(dashboard, "payment", "css");
  await dashboard.getByRole("link", { name: "Home", exact: true }).click();
  await expect(dashboard.getByRole("heading", { name: "Needs a hand first" })).toBeVisible();
  await picture(dashboard, "home", "css");
  await dashboard.getByRole("link", { name: "Failures", exact: true }).click();
  await expect(dashboard.getByRole("heading", { name: "Why they did not pay" })).toBeVisible();
  await picture(dashboard, "failures", "css");
  // Pages that outlive their server would complain of it.
  await Promise.all(context.pages().map((open) => open.close()));
});
