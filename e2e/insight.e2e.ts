/** What the owner learns of a day: home at a glance, and why payments failed. */

import { openOverlay, payFrom } from "./customer.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn, typeCredentials } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

/** Sells and prompts; what the phone does is chosen by its last two digits. */
async function prompted(world: World, scenario: Parameters<World["phone"]>[0], amount = 1_250) {
  const payment = await world.sell({ amount });
  const body = { phoneNumber: world.phone(scenario) };
  await world.api(`/v1/payments/${payment.id}/prompt`, { method: "POST", body });
  return payment;
}

test("home shows the day as it goes, and what needs a hand first", async ({ page, ownWorld }) => {
  const world = await ownWorld();
  const odd = await prompted(world, "17", 3_600);
  const paid = await prompted(world, "01", 2_450);
  await page.goto(`${world.origin}/dashboard`);
  await typeCredentials(page, OWNER.email, OWNER.password);
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible();
  const figures = page.getByRole("region", { name: "Today in numbers" });
  await expect(figures).toContainText("KES 2,450");
  await expect(figures).toContainText("100%");
  await expect(figures).toContainText("1 of 1");
  const hands = page.getByRole("region", { name: "Needs a hand first" });
  await expect(hands.getByRole("listitem")).toHaveCount(1);
  await expect(hands).toContainText("Other amount");
  const weather = page.getByRole("region", { name: "How M-PESA is doing" });
  await expect(weather).toContainText("Too few prompts in the last 15 minutes to say.");
  await expectAccessible(page);

  const latest = page.getByRole("region", { name: "Latest payments" });
  await expect(latest.getByRole("link", { name: paid.orderReference })).toBeVisible();
  const next = await prompted(world, "02");
  const line = latest.getByRole("listitem").filter({ hasText: next.orderReference });
  await expect(line).toContainText("Cancelled by customer");
  await expect(figures).toContainText("50%");
  for (let n = 0; n < 2; n++) await prompted(world, "01");
  await expect(weather).not.toContainText("Too few prompts");
  await figures.getByRole("link", { name: "Show payments to review" }).click();
  await expect(page.getByRole("link", { name: odd.orderReference, exact: true })).toBeVisible();
  await page.goBack();
  await hands.getByRole("link", { name: odd.orderReference }).click();
  await expect(page.getByRole("heading", { name: "What happened" })).toBeVisible();
});

test("why today's failures failed is two clicks away, with what to do about it", async ({
  page,
  ownWorld,
}) => {
  const world = await ownWorld();
  await prompted(world, "01");
  const cancelled = await prompted(world, "02", 300);
  await prompted(world, "02", 300);
  await prompted(world, "18", 20_000);
  const retried = await prompted(world, "05", 800);
  await expect.poll(async () => (await world.payment(retried.id)).status).toBe("failed");
  const again = { method: "POST", body: { phoneNumber: world.phone("01") } } as const;
  await world.api(`/v1/payments/${retried.id}/prompt`, again);
  await expect.poll(async () => (await world.payment(retried.id)).status).toBe("confirmed");
  await signIn(page, world);
  await page.getByRole("link", { name: "Failures" }).click();
  await expect(page.getByRole("heading", { name: "Failures", level: 1 })).toBeVisible();
  await expect(page.getByText("Of 5 payments that were tried, 3 were not paid.")).toBeVisible();
  await expect(page.getByText("Most often: Cancelled by customer (2).")).toBeVisible();
  await expectAccessible(page);

  const faults = page.getByRole("region", { name: "Your own M-PESA set-up" });
  await expect(faults).toContainText("The receiver does not exist (SFC_IC0003)");
  await expect(faults).toContainText("MPESA_PARTY_B is not a number that can receive.");

  const reasons = page.getByRole("region", { name: "Why they did not pay" });
  const reason = (name: string) => {
    const word = page.getByText(name, { exact: true });
    return {
      word: reasons.locator(word),
      item: reasons.getByRole("listitem").filter({ has: word }),
    };
  };
  const [pin, cancel] = [reason("Wrong PIN"), reason("Cancelled by customer")];
  await pin.word.click();
  await expect(pin.item.getByText("1 of 1 tried again, and 1 of those paid.")).toBeVisible();
  await cancel.word.click();
  await expect(cancel.item.getByText("The customer pressed Cancel on the prompt.")).toBeVisible();
  await expect(cancel.item.getByText("Nobody tried again.")).toBeVisible();
  await expectAccessible(page);

  const funnel = page.getByRole("region", { name: "From opened to paid" });
  await expect(funnel).toContainText("3 gave a phone number and did not pay");
  const bands = page.getByRole("region", { name: "By amount" });
  await expect(bands).toContainText("2 of 2 not paid");
  await bands.getByText("Show as a table").click();
  await expect(bands.getByRole("row", { name: "100 to 499" })).toContainText("0%");
  await expectAccessible(page);

  await page.getByRole("link", { name: "Show these payments: Cancelled by customer" }).click();
  await expect(page.getByRole("heading", { name: "Payments", level: 1 })).toBeVisible();
  await expect(
    page.getByRole("link", { name: cancelled.orderReference, exact: true }),
  ).toBeVisible();
  await page.goBack();
  await cancel.word.click();
  await cancel.item.getByRole("link", { name: "2 not paid: 1032" }).click();
  await expect(page.getByText("2 payments · KES 0 paid")).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove filter: Code 1032" })).toBeVisible();
});

test("the days are chosen by a click, and stay in the address", async ({ page, ownWorld }) => {
  const world = await ownWorld();
  await prompted(world, "04");
  await signIn(page, world);
  await page.getByRole("link", { name: "Failures" }).click();
  await expect(page.getByText("Most often: Not enough money (1).")).toBeVisible();
  const days = page.getByRole("navigation", { name: "Days" });
  await days.getByRole("link", { name: "7 days" }).click();
  await expect(page.getByRole("img", { name: /^Tried payments by day/ })).toBeVisible();
  await page.reload();
  await expect(days.getByRole("link", { name: "7 days" })).toHaveAttribute("aria-current", "true");
  await expect(page.getByText("Most often: Not enough money (1).")).toBeVisible();
  await page.goto(`${world.origin}/dashboard/failures?from=2025-01-01&to=2025-01-02`);
  await expect(page.getByRole("heading", { name: "No payments in these days" })).toBeVisible();
  await expectAccessible(page);
});

test("the way from opened to paid has every step, and the page the customer came from", async ({
  page,
  ownWorld,
}) => {
  const world = await ownWorld();
  await world.sell();
  // M-Pesa refuses this phone's prompt at once, so nobody is asked.
  const refused = await prompted(world, "13");
  const framed = await world.sell();
  await payFrom(await openOverlay(page, world, framed), world.phone("01"));
  await expect.poll(async () => (await world.payment(framed.id)).status).toBe("confirmed");
  await signIn(page, world);
  await page.getByRole("link", { name: "Failures" }).click();
  const funnel = page.getByRole("region", { name: "From opened to paid" });
  const steps = funnel.getByRole("list", { name: "From opened to paid" }).getByRole("listitem");
  await expect(steps).toContainText(["Opened3", "Phone typed2", "Prompted1", "Paid1"]);
  await expect(steps.nth(0)).toContainText("1 never gave a phone number");
  await expect(steps.nth(1)).toContainText("1 not asked: M-PESA did not take the prompt");
  await expect(steps.nth(3)).toContainText("1 gave a phone number and did not pay");
  await funnel.getByText("Show as a table").click();
  await expect(funnel.getByRole("row", { name: "Phone typed 2" })).toBeVisible();

  const pages = page.getByRole("region", { name: "By page" });
  const shop = pages.getByRole("listitem").filter({ hasText: world.shop.origin });
  await expect(shop).toContainText("0 of 1 not paid");
  await expect(pages.getByRole("listitem").filter({ hasText: "Not known" })).toContainText(
    "1 of 1 not paid",
  );
  await pages.getByText("Show as a table").click();
  await expectAccessible(page);

  await funnel.getByRole("link", { name: "1 never gave a phone number" }).click();
  await expect(page.getByText("1 payment · KES 0 paid")).toBeVisible();
  await expect(page.getByRole("button", { name: /filter: No phone typed/ })).toBeVisible();
  await page.goBack();
  await pages.getByRole("link", { name: "1 of 1 not paid: Not known, or by a link" }).click();
  await expect(page.getByText("1 payment · KES 0 paid")).toBeVisible();
  await expect(page.getByRole("link", { name: refused.orderReference, exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove filter: Page not known" })).toBeVisible();
  await expectAccessible(page);

  await page.goto(`${world.origin}/dashboard/payments/${framed.id}`);
  const told = page
    .getByRole("listitem")
    .filter({ hasText: "The checkout was opened from a page" });
  await expect(told).toContainText(world.shop.origin);
});

test("a fresh installation is shown the way to its first payment", async ({ page, ownWorld }) => {
  const world = await ownWorld();
  await page.goto(`${world.origin}/dashboard`);
  await typeCredentials(page, OWNER.email, OWNER.password);
  await expect(page.getByRole("heading", { name: "No payments yet" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Open the demo shop" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Put Lipia into your shop" }).click();
  await expect(page.getByRole("heading", { name: "Put Lipia into your shop" })).toBeVisible();
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("home and failures fit and can be read", async ({ page, world }) => {
    await world.sell({ orderReference: `LONG-${"Z".repeat(40)}-${Date.now()}` });
    for (const scenario of ["01", "06", "18", "17"] as const) await prompted(world, scenario);
    await signIn(page, world);
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.goto(`${world.origin}/dashboard`);
    await expect(page.getByRole("region", { name: "Malipo ya karibuni" })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.goto(`${world.origin}/dashboard/failures?span=month`);
    const reasons = page.getByRole("region", { name: "Kwa nini hawakulipa" });
    const reason = reasons.getByRole("listitem").filter({ hasText: "Simu haikujibu" });
    await reason.getByText("Simu haikujibu", { exact: true }).click();
    await expect(reason.getByText("Unachoweza kufanya")).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
