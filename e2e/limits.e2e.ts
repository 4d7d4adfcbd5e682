/** Prompt limits: an owner sets them, the checkout's wait is the true one, and nothing is overwritten. */
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";
import { OWNER } from "./world.ts";

test("limits are set within bounds, proved, and the checkout counts the time they ask for", async ({
  page,
  context,
  ear,
  ownWorld,
}) => {
  ear.expectError(/status of 403 .*settings\/limits$/);
  ear.expectError(/status of 429 .*checkout\/v1\/prompt$/);
  const world = await ownWorld({ env: { LIPIA_LIMITS: "enforce" } });
  await signIn(page, world);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Prompts", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Prompts", level: 1 })).toBeVisible();
  await expectAccessible(page);

  const tenMinutes = page.getByLabel("On one phone in ten minutes");
  const save = page.getByRole("button", { name: "Save the limits" });
  await expect(tenMinutes).toHaveValue("3");
  await tenMinutes.fill("6");
  await save.click();
  await expect(page.getByText("Write a whole number from 2 to 5.")).toBeVisible();
  await expect(tenMinutes).toBeFocused();
  await tenMinutes.fill("5");
  await page.getByLabel("On one phone in an hour").fill("4");
  await save.click();
  await expect(page.getByText("Make it at least as much as")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Lipia's own numbers" }).click();
  await expect(page.getByLabel("On one phone in an hour")).toHaveValue("6");
  await tenMinutes.fill("2");
  await page.getByLabel("On one phone in an hour").fill("2");
  world.proofsRunOut();
  await save.click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await proof.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("They hold for every prompt from now on.")).toBeVisible();

  const phoneNumber = world.phone("04");
  for (let n = 0; n < 2; n += 1) {
    const { id } = await world.sell();
    await world.api(`/v1/payments/${id}/prompt`, { method: "POST", body: { phoneNumber } });
    await expect.poll(async () => (await world.payment(id)).status).toBe("failed");
  }
  const third = await world.sell();
  const checkout = await context.newPage();
  await checkout.goto(third.checkoutUrl ?? "");
  await checkout.getByLabel("M-PESA phone number").fill(phoneNumber);
  await checkout.getByRole("button", { name: /^Pay / }).click();
  await expect(checkout.getByText("Wait as shown")).toBeVisible();
  await expect(checkout.getByRole("button", { name: /5\d:\d\d/ })).toBeVisible();
  await expectAccessible(checkout);
});

test("who read the limits before somebody else changed them looks again", async ({
  page,
  context,
  ear,
  ownWorld,
}) => {
  ear.expectError(/status of 409 .*settings\/limits$/);
  const world = await ownWorld();
  await signIn(page, world);
  const address = `${world.origin}/dashboard/settings/limits`;
  await page.goto(address);
  await expect(page.getByText("test phones are exempt")).toBeVisible();
  const other = await context.newPage();
  await other.goto(address);
  await other.getByLabel("On one phone in a day").fill("9");
  await other.getByRole("button", { name: "Save the limits" }).click();
  await expect(other.getByText("Saved.")).toBeVisible();
  await page.getByLabel("On one phone in a day").fill("20");
  await page.getByRole("button", { name: "Save the limits" }).click();
  await expect(page.getByRole("alert")).toContainText("changed this meanwhile");
  await expect(page.getByLabel("On one phone in a day")).toHaveValue("9");
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("the limits fit and can be read", async ({ page, world }) => {
    await signIn(page, world);
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.goto(`${world.origin}/dashboard/settings/limits`);
    await expect(page.getByRole("heading", { name: "Maombi", level: 1 })).toBeVisible();
    await expect(page.getByLabel("Baada ya mara nne mfululizo")).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
