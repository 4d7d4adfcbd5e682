/** What the shop's owner sees and finds in the dashboard. */
import { payFrom, receiptIn } from "./customer.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { rowOf, signIn, typeCredentials, untilLive } from "./owner.ts";
import { OWNER } from "./world.ts";

test("signs in only with the right password, and out again", async ({ page, world, ear }) => {
  ear.expectError(/status of 401 \(Unauthorized\) \S+sign-in$/);
  const home = page.getByRole("heading", { name: "Today", level: 1 });
  await page.goto(`${world.origin}/dashboard`);
  await expectAccessible(page);
  await typeCredentials(page, OWNER.email, "not the password");
  await expect(page.getByRole("alert")).toHaveText(/do not fit together/);
  await expectAccessible(page);
  await typeCredentials(page, OWNER.email, OWNER.password);
  await expect(home).toBeVisible();
  await page.reload();
  await expect(home).toBeVisible();

  await page.getByRole("button", { name: "Account and settings" }).click();
  await expect(page.getByText(OWNER.email)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status").filter({ hasText: "You are signed out." })).toBeVisible();
  await page.goto(`${world.origin}/dashboard/payments`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("finds a payment by order, receipt, last digits and status, and reads its story", async ({
  page,
  context,
  world,
}) => {
  const paid = await world.sell();
  const unpaid = await world.sell();
  const [phone, other] = [world.phone("01"), world.phone("06")];
  const customer = await context.newPage();
  await customer.goto(paid.checkoutUrl);
  await payFrom(customer, phone);
  const receipt = await receiptIn(customer);
  const prompt = { method: "POST", body: { phoneNumber: other } } as const;
  expect((await world.api(`/v1/payments/${unpaid.id}/prompt`, prompt)).status).toBe(201);

  await signIn(page, world);
  await expect(rowOf(page, unpaid.orderReference)).toContainText("No answer from phone");
  const search = page.getByLabel("Search payments");
  const [wanted, unwanted] = [rowOf(page, paid.orderReference), rowOf(page, unpaid.orderReference)];
  for (const words of [paid.orderReference, receipt, receipt.toLowerCase(), phone.slice(-4)]) {
    await search.fill(words);
    await expect(wanted).toBeVisible();
    await expect(unwanted).toHaveCount(0);
  }
  await search.fill("nothing is called this");
  await expect(page.getByRole("heading", { name: "Nothing fits" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("navigation", { name: "Status" }).getByText("Timed out").click();
  await expect(unwanted).toBeVisible();
  await expect(wanted).toHaveCount(0);
  await page.reload();
  await expect(unwanted).toBeVisible();
  await expect(wanted).toHaveCount(0);

  await page.getByRole("navigation", { name: "Status" }).getByText("All").click();
  await page.getByRole("link", { name: paid.orderReference, exact: true }).click();
  await expect(page.getByRole("heading", { name: "KES 1,250" })).toBeVisible();
  const story = page.getByRole("region", { name: "What happened" }).getByRole("listitem");
  await expect(story).toContainText([
    "Payment opened",
    "Asked the customer to pay",
    "Prompt on its way to M-PESA",
    "M-PESA took the prompt",
    "M-PESA reported: paid",
  ]);
  await expect(page.getByRole("button", { name: `Copy receipt ${receipt}` })).toBeVisible();
  await expect(page.getByText(phone)).toHaveCount(0);
  await expectAccessible(page);
});

test("a payment's page follows the payment while it happens", async ({ page, world }) => {
  const payment = await world.sell();
  await signIn(page, world);
  await untilLive(page);
  await page.getByRole("link", { name: payment.orderReference, exact: true }).click();
  await expect(page.getByText("The customer has not been asked to pay yet.")).toBeVisible();
  const prompt = { method: "POST", body: { phoneNumber: world.phone("01") } } as const;
  await world.api(`/v1/payments/${payment.id}/prompt`, prompt);
  await expect(page.getByText("The customer is being asked to pay now.")).toBeVisible();
  await expect(page.getByText("The money is in your M-PESA account.")).toBeVisible();
  await expectAccessible(page);
});

test.describe("on a phone 320 px wide, in the dark", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("list and payment fit and can be read", async ({ page, world }) => {
    const payment = await world.sell({ orderReference: `LONG-${"Z".repeat(40)}-${Date.now()}` });
    const prompt = { method: "POST", body: { phoneNumber: world.phone("04") } } as const;
    await world.api(`/v1/payments/${payment.id}/prompt`, prompt);
    await signIn(page, world);
    await expect(rowOf(page, payment.orderReference)).toContainText("Not enough money");
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("link", { name: payment.orderReference, exact: true }).click();
    await expect(page.getByRole("heading", { name: "What happened" })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});

test("a fresh installation is taken over with the printed link, once", async ({
  page,
  ear,
  ownWorld,
}) => {
  ear.expectError(/status of 4\d\d \(\w+\) \S+set-up$/);
  const fresh = await ownWorld({ owner: "none" });
  await page.goto(`${fresh.origin}/dashboard`);
  await expect(page.getByText(/Open the set-up link/)).toBeVisible();
  await expectAccessible(page);
  const link = /https?:\/\/\S+\/dashboard\/set-up#token=\S+/.exec(fresh.output())?.[0] ?? "";
  await page.goto(link);
  await expect(page).toHaveURL(`${fresh.origin}/dashboard/set-up`);
  await page.getByLabel("E-mail address").fill("me@mugs.co.ke");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create owner and sign in" }).click();
  await expect(page.getByText("Use at least 10 characters.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Password", { exact: true }).fill("long enough now");
  await page.getByRole("button", { name: "Create owner and sign in" }).click();
  await expect(page.getByRole("heading", { name: "No payments yet" })).toBeVisible();
  await expectAccessible(page);

  await page.context().clearCookies();
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByLabel("E-mail address").fill("thief@example.com");
  await page.getByLabel("Password", { exact: true }).fill("long enough now");
  await page.getByRole("button", { name: "Create owner and sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
});
