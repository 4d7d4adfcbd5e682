/** Two people decide about much money: the rule, a wish, a second person's no and yes. */
import type { Browser, Page } from "@playwright/test";
import { nairobiDate } from "../shared/nairobi.ts";
import { receiptDateLetters } from "../shared/receipt.ts";
import { type Ear, expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

const COLLEAGUE = { email: "asha@mugs.co.ke", password: "chosen on the first day" } as const;
const REASON = "I see it in the M-PESA statement";
let made = 0;

function receiptOfToday(): string {
  const { year, month, day } = nairobiDate(Date.now());
  made += 1;
  return `${receiptDateLetters(year, month, day)}TWO${String(made).padStart(4, "0")}`;
}

/** A prompt whose answer was lost: nothing more is heard of it. */
async function inDoubt(world: World): Promise<string> {
  const payment = await world.sell();
  const prompt = { method: "POST", body: { phoneNumber: world.phone("20") } } as const;
  expect((await world.api(`/v1/payments/${payment.id}/prompt`, prompt)).status).toBe(201);
  return payment.id;
}

/** The owner, on `page`, invites an operator, who comes in with a browser of their own. */
async function colleague(page: Page, browser: Browser, ear: Ear, world: World): Promise<Page> {
  await page.goto(`${world.origin}/dashboard/settings/people`);
  await page.getByRole("button", { name: "Invite a person" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite a person" });
  await dialog.getByLabel("E-mail address").fill(COLLEAGUE.email);
  await dialog.getByRole("radio", { name: "Operator" }).check();
  await dialog.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByRole("region", { name: "The invitation's link" }).textContent();
  const context = await browser.newContext();
  ear.listen(context);
  const guest = await context.newPage();
  await guest.goto(link?.trim() ?? "");
  await guest.getByLabel("Choose a password", { exact: true }).fill(COLLEAGUE.password);
  await guest.getByRole("button", { name: "Join and sign in" }).click();
  await expect(guest.getByRole("heading", { name: "Payments", level: 1 })).toBeVisible();
  return guest;
}

async function openSafety(page: Page, world: World): Promise<void> {
  await page.goto(`${world.origin}/dashboard/settings/safety`);
  await expect(page.getByRole("heading", { name: "Safety", level: 1 })).toBeVisible();
}

async function openPayment(page: Page, world: World, id: string): Promise<void> {
  await page.goto(`${world.origin}/dashboard/payments/${id}`);
  await expect(page.getByRole("heading", { name: "What you can do" })).toBeVisible();
}

async function wish(page: Page, receipt: string): Promise<void> {
  await page.getByRole("button", { name: "Confirm by hand" }).click();
  const question = page.getByRole("dialog", { name: "Confirm KES 1,250 by hand" });
  await expect(question).toContainText("From KES 1,000 two people decide.");
  await question.getByLabel("M-PESA receipt").fill(receipt);
  await question.getByLabel("How do you know?").fill(REASON);
  await question.getByRole("button", { name: "Confirm as paid" }).click();
  await expect(page.getByText("A second person is asked.", { exact: false })).toBeVisible();
}

const second = (page: Page) => page.getByRole("region", { name: "Waits for a second person" });

test("much money is confirmed by two people, and by none of them alone", async ({
  page,
  browser,
  ear,
  ownWorld,
}) => {
  const world = await ownWorld();
  ear.expectError(/status of 409 .*two-person$/);
  ear.expectError(/status of 403 .*approve$/);
  await signIn(page, world);
  await openSafety(page, world);
  const rule = page.getByRole("region", { name: "Two people for much money" });
  await expect(rule.getByText("Off", { exact: true })).toBeVisible();
  await expectAccessible(page);
  const amount = rule.getByLabel("From this amount in KES");
  await amount.fill("a lot");
  await rule.getByRole("button", { name: "Switch on" }).click();
  await expect(rule.getByText("Write a whole number of shillings")).toBeVisible();
  await amount.fill("1000");
  await rule.getByRole("button", { name: "Switch on" }).click();
  await expect(rule.getByText("you are the only one. Invite another one first")).toBeVisible();
  await expect(amount).toHaveValue("1000");
  await expectAccessible(page);

  const guest = await colleague(page, browser, ear, world);
  await openSafety(page, world);
  await amount.fill("1000");
  await rule.getByRole("button", { name: "Switch on" }).click();
  await expect(rule.getByText("From KES 1,000")).toBeVisible();
  await openSafety(guest, world);
  await expect(guest.getByText("Owners can change this.")).toBeVisible();

  const id = await inDoubt(world);
  const receipt = receiptOfToday();
  await openPayment(page, world, id);
  await openPayment(guest, world, id);
  await wish(guest, receipt);
  await expect(second(guest)).toContainText("Somebody else who may act on payments");
  await expect(second(guest).getByRole("button", { name: "Approve" })).toHaveCount(0);
  await expectAccessible(guest);
  expect((await world.payment(id)).status).toBe("in_doubt");

  await expect(second(page)).toContainText(`${COLLEAGUE.email} wants to confirm KES 1,250`);
  await expect(second(page)).toContainText(receipt);
  await page.getByText("Not possible now, and why").click();
  await expect(page.getByText("A second person is asked already.").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Home" }).click();
  const first = page.getByRole("region", { name: "Needs a hand first" }).getByRole("listitem");
  await expect(first.first()).toContainText("A colleague asks for your yes");
  await first.first().getByRole("link").click();

  await second(page).getByRole("button", { name: "Decline" }).click();
  const no = page.getByRole("dialog", { name: `Decline what ${COLLEAGUE.email} wants?` });
  await no.getByRole("button", { name: "Decline" }).click();
  await expect(no.getByText("Say in a sentence how you know.")).toBeVisible();
  await no.getByLabel("Why").fill("I do not find it in the statement");
  await no.getByRole("button", { name: "Decline" }).click();
  await expect(page.getByText("Declined. Nothing moved.")).toBeVisible();
  await expect(second(guest)).toHaveCount(0);

  await wish(guest, receipt);
  await expect(second(page)).toContainText("wants to confirm");
  world.proofsRunOut();
  await second(page).getByRole("button", { name: "Approve" }).click();
  const yes = page.getByRole("dialog", { name: `Approve what ${COLLEAGUE.email} wants?` });
  await expect(yes).toContainText(`Look for receipt ${receipt}`);
  await yes.getByLabel("Why").fill("Now it is in the statement");
  await expectAccessible(page);
  await yes.getByRole("button", { name: "Approve" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await proof.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Approved and done, under both your names.")).toBeVisible();
  const story = page.getByRole("region", { name: "What happened" });
  await expect(story).toContainText(COLLEAGUE.email);
  await expect(story).toContainText(OWNER.email);
  expect(await world.payment(id)).toMatchObject({ status: "confirmed", receipt });

  await openSafety(page, world);
  await rule.getByRole("button", { name: "Switch off" }).click();
  await expect(rule.getByText("Off", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Audit log" }).click();
  const did = page.getByRole("list", { name: "What was done" }).getByRole("listitem");
  await expect(did.first()).toContainText("set the two-person rule");
  await expect(did.filter({ hasText: "asked for a second person's yes" })).toHaveCount(2);
  await expect(did.filter({ hasText: "declined as the second person" })).toHaveCount(1);
  await guest.context().close();
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("the rule and a wish fit and can be read", async ({ page, browser, ear, ownWorld }) => {
    const world = await ownWorld();
    await signIn(page, world);
    const guest = await colleague(page, browser, ear, world);
    await openSafety(page, world);
    await page.getByLabel("From this amount in KES").fill("1000");
    await page.getByRole("button", { name: "Switch on" }).click();
    await expect(page.getByText("From KES 1,000")).toBeVisible();
    const id = await inDoubt(world);
    await openPayment(guest, world, id);
    await wish(guest, receiptOfToday());
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.reload();
    await expect(page.getByRole("heading", { name: "Usalama", level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.goto(`${world.origin}/dashboard/payments/${id}`);
    const waits = page.getByRole("region", { name: "Inasubiri mtu wa pili" });
    await expect(waits).toContainText("anataka kuthibitisha KES 1,250");
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await waits.getByRole("button", { name: "Kubali" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await guest.context().close();
  });
});
