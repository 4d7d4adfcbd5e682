/** Alerts: chosen in the settings, raised once in all tabs, on every page until they are seen. */
import type { BrowserContext, Locator, Page } from "@playwright/test";
import type { TestScenario } from "../shared/handset-view.ts";
import { payButton } from "./customer.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn, untilLive } from "./owner.ts";
import type { World } from "./world.ts";

/** Lets a context's pages show notifications, and hears what each of them says. */
async function hearNotifications(context: BrowserContext, world: World): Promise<string[]> {
  const heard: string[] = [];
  await context.grantPermissions(["notifications"], { origin: world.origin });
  await context.exposeFunction("hear", (words: string) => heard.push(words));
  await context.addInitScript(() => {
    class Recorder extends Notification {
      constructor(title: string, options: NotificationOptions = {}) {
        super(title, options);
        (window as unknown as { hear(words: string): void }).hear(`${title}: ${options.body}`);
      }
    }
    window.Notification = Recorder;
  });
  return heard;
}

async function openAlerts(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Alerts", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Alerts", level: 1 })).toBeVisible();
}

async function prompted(world: World, scenario: TestScenario, status: string) {
  const payment = await world.sell({ amount: 3_600 });
  const body = { phoneNumber: world.phone(scenario) };
  await world.api(`/v1/payments/${payment.id}/prompt`, { method: "POST", body });
  await expect.poll(async () => (await world.payment(payment.id)).status).toBe(status);
  return payment;
}

/** A payment that has been in doubt for longer than five minutes. */
async function longInDoubt(world: World) {
  const payment = await prompted(world, "20", "in_doubt");
  world.tamper(
    `update attempts set in_doubt_at = in_doubt_at - 301000 where payment_id = '${payment.id}'`,
  );
  // Anything that moves makes the pages read again.
  await world.sell();
  return payment;
}

const bar = (page: Page): Locator => page.getByRole("complementary", { name: "Alerts" });

test("a payment to review and one long in doubt are raised once, however many tabs are open", async ({
  page,
  context,
  ownWorld,
}) => {
  const world = await ownWorld();
  const heard = await hearNotifications(context, world);
  await signIn(page, world);
  await openAlerts(page);
  await page.getByLabel("A payment in doubt for more than five minutes").check();
  await page.getByLabel("A payment to review").check();
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByText("Choose the tone or the notification first.")).toBeVisible();
  await page.getByLabel("Show a web notification").check();
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByText("The notification was sent.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Play a short tone").check();
  await page.reload();
  for (const box of await page.getByRole("checkbox").all()) {
    const silence = "M-PESA takes prompts and has called back for none in 15 minutes";
    const wanted = (await box.and(page.getByLabel(silence)).count()) === 0;
    await expect(box).toBeChecked({ checked: wanted });
  }
  const other = await context.newPage();
  await other.goto(`${world.origin}/dashboard/failures`);
  for (const tab of [page, other]) await untilLive(tab);

  const odd = await prompted(world, "17", "review");
  const oddWords = `${odd.orderReference} · KES 3,600`;
  for (const tab of [page, other]) {
    await expect(
      tab.getByRole("status").filter({ hasText: `1 alert: ${oddWords}. A payment to review` }),
    ).toHaveCount(1);
    await expect(tab).toHaveTitle(/^\(1\) /);
  }
  const doubt = await longInDoubt(world);
  const doubtWords = `${doubt.orderReference} · KES 3,600`;
  for (const tab of [page, other]) await expect(tab).toHaveTitle(/^\(2\) /);
  await expect(bar(page)).toContainText("In doubt for more than five minutes");
  await expectAccessible(page);
  const last = await longInDoubt(world);
  for (const tab of [page, other]) await expect(tab).toHaveTitle(/^\(3\) /);
  await expect.poll(() => heard.length).toBe(4);
  expect(heard).toEqual([
    "An alert looks like this: ORDER-1001 · KES 1,250",
    `A payment to review: ${oddWords}`,
    `In doubt for more than five minutes: ${doubtWords}`,
    `In doubt for more than five minutes: ${last.orderReference} · KES 3,600`,
  ]);

  await bar(page).getByRole("link", { name: doubtWords }).click();
  await expect(page.getByRole("heading", { name: "What happened" })).toBeVisible();
  await expect(bar(page).getByRole("listitem")).toHaveCount(2);
  await expect(other).toHaveTitle(/^\(2\) /);
  await bar(other).getByRole("button", { name: "Seen: put all alerts away" }).click();
  for (const tab of [page, other]) {
    await expect(bar(tab)).toHaveCount(0);
    await expect(tab).not.toHaveTitle(/^\(/);
  }
  const read = page.waitForResponse(/insight\/home$/);
  await page.reload();
  await read;
  await expect(page.getByRole("heading", { name: "What happened" })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  expect(heard).toHaveLength(4);
});

test("callbacks that stay away are called out, with the way to mend them", async ({
  page,
  ownWorld,
}) => {
  const world = await ownWorld();
  await signIn(page, world);
  await openAlerts(page);
  await page.getByLabel("M-PESA takes prompts and has called back for none in 15 minutes").check();
  await untilLive(page);
  await prompted(world, "07", "pending");
  await prompted(world, "07", "pending");
  world.tamper("update attempts set accepted_at = accepted_at - 180000");
  const payment = await world.sell();
  await expect(bar(page)).toContainText("No callback for 15 minutes");
  await expectAccessible(page);
  await bar(page).getByRole("link", { name: "M-PESA" }).click();
  await expect(page.getByRole("heading", { name: "Go live", level: 1 })).toBeVisible();

  // With three more whose answer was lost, the customers are told as well, in their language.
  for (let n = 0; n < 3; n++) await prompted(world, "12", "in_doubt");
  await page.goto(`${world.origin}/pay/${payment.checkoutToken}`);
  await expect(page.getByText("M-PESA has problems at the moment.")).toBeVisible();
  await expect(payButton(page)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Kiswahili" }).click();
  await expect(page.getByText("M-PESA ina matatizo kwa sasa.")).toBeVisible();
});

test("a browser that blocks notifications says so in words", async ({ page, world }) => {
  await signIn(page, world);
  await openAlerts(page);
  const box = page.getByLabel("Show a web notification");
  await box.click();
  await expect(page.getByText("This browser blocks notifications from here.")).toBeVisible();
  await expect(box).not.toBeChecked();
  await expectAccessible(page);
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("alerts fit and can be read", async ({ page, ownWorld }) => {
    const world = await ownWorld();
    await signIn(page, world);
    await page.evaluate(() => {
      localStorage.setItem("lipia.locale", "sw");
      localStorage.setItem("lipia.alerts", JSON.stringify({ kinds: ["review"], ways: [] }));
    });
    const odd = await world.sell({ orderReference: `LONG-${"Z".repeat(50)}` });
    const body = { phoneNumber: world.phone("17") };
    await world.api(`/v1/payments/${odd.id}/prompt`, { method: "POST", body });
    for (let n = 0; n < 4; n++) await prompted(world, "17", "review");
    await page.goto(`${world.origin}/dashboard/settings/alerts`);
    const alerts = page.getByRole("complementary", { name: "Tahadhari" });
    await expect(alerts).toContainText("na nyingine 2");
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
