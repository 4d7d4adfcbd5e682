/** Data retention by age: counted before it is switched on, confirmed by the shop's name, undone by choosing longer. */
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";
import { OWNER } from "./world.ts";

const YEAR_MS = 366 * 86_400_000;

test("an owner sees what the next run would take, names the shop, and may think again", async ({
  page,
  ear,
  ownWorld,
}) => {
  ear.expectError(/status of 403 .*privacy\/retention$/);
  const world = await ownWorld();
  const { id } = await world.sell();
  const body = { phoneNumber: world.phone("01") };
  await world.api(`/v1/payments/${id}/prompt`, { method: "POST", body });
  await expect.poll(async () => (await world.payment(id)).status).toBe("confirmed");
  world.tamper(
    `update payments set created_at = created_at - ${YEAR_MS}, updated_at = updated_at - ${YEAR_MS}`,
  );
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/settings/privacy`);
  const panel = page.getByRole("region", { name: "How long numbers are kept" });
  await expect(panel.getByLabel("For ever")).toBeChecked();
  await expect(panel.getByText("section 23")).toBeVisible();
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Change" }).click();
  await expect(panel.getByText("Choose another time first.")).toBeVisible();

  await panel.getByLabel("1 year").check();
  await panel.getByRole("button", { name: "Change" }).click();
  const question = page.getByRole("dialog", { name: "Erase numbers after 1 year?" });
  await expect(question.getByText("takes the numbers out of 1 payment.")).toBeVisible();
  const submit = question.getByRole("button", { name: "Erase by age from now on" });
  await question.getByLabel("Name of your shop").fill("Another shop");
  await submit.click();
  await expect(question.getByText("This is not the name of your shop.")).toBeVisible();
  await expectAccessible(page);
  await question.getByLabel("Name of your shop").fill("Mug Shop");
  world.proofsRunOut();
  await submit.click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await proof.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(panel.getByText("Saved.")).toBeVisible();
  await expect(panel.getByText("No run has ended yet.")).toBeVisible();
  await expectAccessible(page);

  await page.reload();
  await expect(panel.getByLabel("1 year")).toBeChecked();
  await panel.getByLabel("7 years").check();
  await panel.getByRole("button", { name: "Change" }).click();
  const longer = page.getByRole("dialog", { name: "Keep numbers longer: 7 years?" });
  await longer.getByRole("button", { name: "Keep them longer" }).click();
  await expect(panel.getByText("Saved.")).toBeVisible();
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("the choice fits and can be read", async ({ page, world }) => {
    await signIn(page, world);
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.goto(`${world.origin}/dashboard/settings/privacy`);
    await expect(page.getByLabel("Milele")).toBeChecked();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
