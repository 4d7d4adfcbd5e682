/** From the simulator on: a list that checks itself, by the owner's first payment. */
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";

test("the steps say what is done, and tick themselves off", async ({ page, world }) => {
  await signIn(page, world);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Go live" }).click();
  await expect(page.getByRole("heading", { name: "Go live", level: 1 })).toBeVisible();
  const step = (name: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, level: 2 }) });
  await expect(step("Your shop has a secret key")).toContainText("Done");
  await expect(step("Move on to the sandbox")).toContainText("MPESA_ENVIRONMENT=sandbox");
  await expectAccessible(page);

  const body = { phoneNumber: world.phone("01") };
  const payment = await world.sell();
  await world.api(`/v1/payments/${payment.id}/prompt`, { method: "POST", body });
  await expect(step("The first payment is confirmed")).toContainText("Done");
  await expect(step("Your shop has called Lipia")).toContainText("Done");

  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
