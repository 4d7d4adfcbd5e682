/** What people do with one payment by hand, and what they are told when it is not possible. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { PaymentObject } from "../shared/api.ts";
import type { TestScenario } from "../shared/handset-view.ts";
import { nairobiDate } from "../shared/nairobi.ts";
import { receiptDateLetters } from "../shared/receipt.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

const REASON = "I see it in the M-PESA statement";
let made = 0;

/** A receipt of today that no other test uses. */
function receiptOfToday(): string {
  const { year, month, day } = nairobiDate(Date.now());
  made += 1;
  return `${receiptDateLetters(year, month, day)}E2E${String(made).padStart(4, "0")}`;
}

async function prompted(world: World, scenario: TestScenario): Promise<PaymentObject> {
  const payment = await world.sell();
  const prompt = { method: "POST", body: { phoneNumber: world.phone(scenario) } } as const;
  expect((await world.api(`/v1/payments/${payment.id}/prompt`, prompt)).status).toBe(201);
  return payment;
}

/** A prompt whose answer was lost: nothing more is heard of it. */
const inDoubt = (world: World) => prompted(world, "20");

async function open(page: Page, world: World, payment: PaymentObject): Promise<void> {
  await page.goto(`${world.origin}/dashboard/payments/${payment.id}`);
  await expect(page.getByRole("heading", { name: "What you can do" })).toBeVisible();
}

const whyNot = (page: Page, name: string) =>
  page
    .getByRole("group")
    .filter({ hasText: "Not possible now" })
    .locator(`dt:text-is("${name}") + dd`);

test("a payment in doubt is confirmed by hand, with a receipt and under a name", async ({
  page,
  world,
  ear,
}) => {
  ear.expectError(/status of 422 .*\/confirm$/);
  const payment = await inDoubt(world);
  await signIn(page, world);
  await open(page, world, payment);
  await expect(page.getByText("Lipia cannot ask about this prompt")).toBeVisible();
  // No word of M-PESA's, and not shown as one.
  await expect(page.getByText("What broke the connection")).toBeVisible();
  await expect(page.getByText("M-PESA's result")).toBeHidden();
  await page.getByRole("button", { name: "Confirm by hand" }).click();
  const question = page.getByRole("dialog", { name: "Confirm KES 1,250 by hand" });
  await expect(question).toContainText(`written down under your name (${OWNER.email})`);
  await expectAccessible(page);

  await question.getByRole("button", { name: "Confirm as paid" }).click();
  await expect(question.getByText("An M-PESA receipt is ten letters and digits")).toBeVisible();
  await expect(question.getByText("Say in a sentence how you know.")).toBeVisible();
  await expectAccessible(page);

  await question.getByLabel("How do you know?").fill(REASON);
  await question.getByLabel("M-PESA receipt").fill("AA1E2E0001");
  await expect(question.getByText("this receipt is of 1 Jan 2006")).toBeVisible();
  await question.getByRole("button", { name: "Confirm as paid" }).click();
  await expect(question.getByText("Compare it letter by letter")).toBeVisible();
  await expect(question.getByLabel("I have compared it")).toBeVisible();
  const receipt = receiptOfToday();
  await question.getByLabel("M-PESA receipt").fill(receipt.toLowerCase());
  await question.getByRole("button", { name: "Confirm as paid" }).click();
  await expect(question).toHaveCount(0);
  const told = page.getByRole("status").filter({ hasText: "written down under your name" });
  await expect(told).toBeVisible();
  await expect(page.getByText("The money is in your M-PESA account.")).toBeVisible();
  const story = page.getByRole("region", { name: "What happened" });
  await expect(story).toContainText("Confirmed by hand");
  await expect(story).toContainText(OWNER.email);
  await expect(story).toContainText(REASON);
  await expectAccessible(page);
  expect(await world.payment(payment.id)).toMatchObject({ status: "confirmed", receipt });
});

test("a doubt is failed by hand when the prompt is surely over, and not before", async ({
  page,
  world,
}) => {
  const payment = await inDoubt(world);
  await signIn(page, world);
  await open(page, world, payment);
  await expect(page.getByRole("button", { name: "Fail by hand" })).toHaveCount(0);
  await page.getByText("Not possible now, and why").click();
  await expect(whyNot(page, "Fail by hand")).toContainText(
    "The prompt may still be open on the phone. Possible from: Today",
  );
  await expect(whyNot(page, "Mark as reversed")).toContainText("No money is confirmed");
  await expectAccessible(page);

  world.age(payment, 200);
  await page.reload();
  await page.getByRole("button", { name: "Fail by hand" }).click();
  const question = page.getByRole("dialog", { name: "Call this attempt not paid" });
  await expect(question).toContainText("the customer pays twice");
  await expectAccessible(page);
  await question.getByLabel("How do you know?").fill("He paid in cash");
  await question.getByRole("button", { name: "Mark as not paid" }).click();
  await expect(page.getByText("Closed by hand.")).toBeVisible();
  expect((await world.payment(payment.id)).status).toBe("failed");
});

test("M-PESA is asked at once when somebody wishes it", async ({ page, world }) => {
  const payment = await prompted(world, "00");
  world.age(payment, 20);
  await signIn(page, world);
  await open(page, world, payment);
  await page.getByRole("button", { name: "Ask M-PESA now" }).click();
  await expect(page.getByRole("status").filter({ hasText: "M-PESA was asked" })).toBeVisible();
  await expect(page.getByRole("region", { name: "What happened" })).toContainText("Asked M-PESA");
});

test("a failed payment is prompted again, on another phone too", async ({ page, world }) => {
  const payment = await prompted(world, "04");
  await signIn(page, world);
  await open(page, world, payment);
  await page.getByRole("button", { name: "Prompt again" }).click();
  const question = page.getByRole("dialog", { name: "Ask for KES 1,250 again" });
  await expect(question.getByRole("radio", { name: /The same/ })).toBeChecked();
  await question.getByRole("radio", { name: "Another" }).check();
  await question.getByLabel("Phone number").fill("12");
  await question.getByRole("button", { name: "Send the prompt" }).click();
  await expect(question.getByText("Write a Kenyan mobile number")).toBeVisible();
  await expectAccessible(page);
  await question.getByLabel("Phone number").fill(world.phone("01"));
  await question.getByRole("button", { name: "Send the prompt" }).click();
  await expect(question).toHaveCount(0);
  await expect(page.getByText("The money is in your M-PESA account.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Attempts" })).toContainText("Attempt 2");
});

test("money given back is written down by the reversal's receipt", async ({ page, world }) => {
  const payment = await prompted(world, "01");
  await signIn(page, world);
  await open(page, world, payment);
  await page.getByRole("button", { name: "Mark as reversed" }).click();
  const question = page.getByRole("dialog", { name: "Mark KES 1,250 as given back" });
  await expect(question).toContainText("This moves no money.");
  await question.getByLabel("Receipt of the reversal").fill(receiptOfToday());
  await question.getByLabel("How do you know?").fill(REASON);
  await question.getByRole("button", { name: "Mark as reversed" }).click();
  await expect(page.getByText("The money was given back to the customer.")).toBeVisible();
});

test("a question follows the payment: what a colleague settled is not settled again", async ({
  page,
  context,
  world,
}) => {
  const payment = await inDoubt(world);
  await signIn(page, world);
  await open(page, world, payment);
  await page.getByRole("button", { name: "Confirm by hand" }).click();
  const question = page.getByRole("dialog", { name: "Confirm KES 1,250 by hand" });
  await question.getByLabel("How do you know?").fill(REASON);
  await question.getByLabel("M-PESA receipt").fill(receiptOfToday());
  // A colleague is quicker.
  const colleague = await context.newPage();
  await open(colleague, world, payment);
  await colleague.getByRole("button", { name: "Confirm by hand" }).click();
  const theirs = colleague.getByRole("dialog");
  await theirs.getByLabel("How do you know?").fill(REASON);
  await theirs.getByLabel("M-PESA receipt").fill(receiptOfToday());
  await theirs.getByRole("button", { name: "Confirm as paid" }).click();
  await expect(colleague.getByText("The money is in your M-PESA account.")).toBeVisible();
  await expect(question).toContainText("It is paid, and its receipt is known.");
  await page.keyboard.press("Escape");
  await expect(page.getByText("The money is in your M-PESA account.")).toBeVisible();
});

test("notes, raw messages and the evidence file", async ({ page, world }) => {
  const payment = await prompted(world, "01");
  await signIn(page, world);
  await open(page, world, payment);
  await expect(page.getByText("The money is in your M-PESA account.")).toBeVisible();
  const story = page.getByRole("region", { name: "What happened" });
  await story.getByRole("button", { name: "Add note" }).click();
  await expect(story.getByText("Write something first.")).toBeVisible();
  await story.getByLabel("Add a note").fill("She calls again tomorrow.");
  await story.getByRole("button", { name: "Add note" }).click();
  await expect(story).toContainText(`Note by ${OWNER.email}`);
  await expect(story).toContainText("She calls again tomorrow.");
  await expect(story.getByLabel("Add a note")).toHaveValue("");

  const messages = page.getByRole("region", { name: "Messages to and from M-PESA" });
  await messages.getByRole("button", { name: "Show the raw messages" }).click();
  await expect(messages.getByRole("region", { name: /^M-PESA wrote/ })).toContainText(
    "stkCallback",
  );
  await expect(messages.getByRole("region", { name: /^We asked for a prompt/ })).toContainText(
    "CustomerPayBillOnline",
  );
  await expect(messages.getByRole("region", { name: /^Answer to what we asked/ })).toContainText(
    "ResponseCode",
  );
  await expect(messages).not.toContainText("Password");
  await expect(messages).toContainText("[number]");
  await expectAccessible(page);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Evidence file" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^lipia-evidence-MUG-\d+-v\d+\.json$/);
  const evidence = JSON.parse(readFileSync(await file.path(), "utf8"));
  expect(evidence).toMatchObject({ format: "lipia-evidence-2", payment: { id: payment.id } });
  expect(JSON.stringify(evidence)).not.toMatch(/2547\d{8}/);
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("the page and its questions fit and can be read", async ({ page, world }) => {
    const payment = await inDoubt(world);
    await signIn(page, world);
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.goto(`${world.origin}/dashboard/payments/${payment.id}`);
    await page.getByText("Kisichowezekana sasa").click();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Thibitisha mwenyewe" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
