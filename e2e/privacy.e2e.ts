/** Privacy: an owner takes a customer's number out of the house, and the money's trace stays. */
import type { Page } from "@playwright/test";
import type { PaymentObject } from "../shared/api.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { rowOf, signIn } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

async function prompted(
  world: World,
  { id }: PaymentObject,
  phoneNumber: string,
  ends: PaymentObject["status"],
): Promise<void> {
  await world.api(`/v1/payments/${id}/prompt`, { method: "POST", body: { phoneNumber } });
  const status = async () => (await world.payment(id)).status;
  await expect.poll(status, { timeout: 30_000 }).toBe(ends);
}

/** What is scrolled half behind the bar is too small for axe, and nobody aims at it there. */
async function expectAccessibleFromTop(page: Page): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  await expectAccessible(page);
}

test("a number is erased once it is typed again and proved who asks", async ({
  page,
  ear,
  ownWorld,
}) => {
  const world = await ownWorld();
  ear.expectError(/status of 403 .*privacy\/erase$/);
  ear.expectError(/status of 409 .*privacy\/erase$/);
  const number = world.phone("01");
  const odd = world.phone("17");
  const [payment, unsettled] = [await world.sell(), await world.sell()];
  await prompted(world, payment, number, "confirmed");
  await prompted(world, unsettled, odd, "review");

  await signIn(page, world);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Privacy" }).click();
  await expect(page.getByRole("heading", { name: "Privacy", level: 1 })).toBeVisible();
  await expect(page.getByText("Backups made before hold the number")).toBeVisible();
  await expectAccessible(page);

  const field = page.getByLabel("Phone number");
  const go = page.getByRole("button", { name: "Continue" });
  await field.fill("0712");
  await go.click();
  await expect(page.getByText("Enter a Kenyan mobile number")).toBeVisible();
  await expectAccessibleFromTop(page);

  await field.fill(number);
  await go.click();
  const question = page.getByRole("dialog", { name: "Erase this number?" });
  const digits = question.getByLabel("Last four digits again");
  const submit = question.getByRole("button", { name: "Erase for good" });
  await digits.fill("0000");
  await submit.click();
  await expect(question.getByText("These are not the last four digits")).toBeVisible();
  await expectAccessible(page);
  world.proofsRunOut();
  await digits.fill(number.slice(-4));
  await submit.click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await proof.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  const done = page.getByRole("status").filter({ hasText: `ending in ${number.slice(-2)}` });
  await expect(done).toContainText("is erased");
  await expect(done).toContainText("prompts 1, order details 0, M-PESA's messages 1");
  await expect(field).toHaveValue("");
  await expectAccessibleFromTop(page);

  await field.fill(odd);
  await go.click();
  await digits.fill(odd.slice(-4));
  await submit.click();
  await expect(question.getByRole("alert")).toContainText("is not settled yet");
  await expectAccessible(page);
  await question.getByRole("button", { name: "Cancel" }).click();
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
  await expectAccessibleFromTop(page);

  await page.goto(`${world.origin}/dashboard/payments`);
  await expect(rowOf(page, payment.orderReference)).toContainText("Paid");
  await expect(rowOf(page, payment.orderReference)).toContainText("254*********");
});
