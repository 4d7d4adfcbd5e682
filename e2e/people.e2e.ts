/** People: invited by a link, given a role, removed; and one's own sessions and password. */
import type { Browser, Page } from "@playwright/test";
import { type Ear, expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn, typeCredentials, untilLive } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

const PASSWORD = "chosen on the first day";

let count = 0;
/** Workers share nothing, but a file's tests share their world. */
const address = () => `person-${process.pid}-${++count}@mugs.co.ke`;

async function openPeople(page: Page, world: World): Promise<void> {
  await page.goto(`${world.origin}/dashboard/settings/people`);
  await expect(page.getByRole("heading", { name: "People", level: 1 })).toBeVisible();
}

/** Invites somebody as the owner, who is signed in on `page`; gives the link. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.getByRole("button", { name: "Invite a person" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite a person" });
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByRole("radio", { name: role }).check();
  await dialog.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const shown = page.getByRole("region", { name: "The invitation's link" });
  const link = (await shown.textContent())?.trim() ?? "";
  expect(link).toMatch(/\/dashboard\/join#token=[\w-]{43}$/);
  return link;
}

/** Another person's browser, at an invitation's link and then inside. */
async function join(browser: Browser, ear: Ear, link: string): Promise<Page> {
  const context = await browser.newContext();
  ear.listen(context);
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel("Choose a password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Join and sign in" }).click();
  await expect(page.getByRole("heading", { name: "Payments", level: 1 })).toBeVisible();
  return page;
}

const rowOf = (page: Page, email: string) => page.getByRole("listitem").filter({ hasText: email });

test("a person is invited by a link, comes in, and is seen with the role", async ({
  page,
  browser,
  world,
  ear,
}) => {
  ear.expectError(/status of 404 .*join\/read$/);
  ear.expectError(/status of 422 .*invitations$/);
  await signIn(page, world);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "People" }).click();
  await expect(rowOf(page, OWNER.email)).toContainText("You");
  await expectAccessible(page);
  const email = address();
  await page.getByRole("button", { name: "Invite a person" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite a person" });
  await expectAccessible(page);
  await dialog.getByLabel("E-mail address").fill("nobody");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  await expect(dialog.getByText("Enter an e-mail address such as you@shop.co.ke.")).toBeVisible();
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByLabel("Your password", { exact: true }).fill("not the password");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  await expect(dialog.getByText("This is not your password.")).toBeVisible();
  await page.keyboard.press("Escape");
  const link = await invite(page, email, "Operator");
  await expectAccessible(page);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByText("Invited, not here yet")).toBeVisible();

  const guest = await join(browser, ear, link);
  await page.reload();
  await expect(rowOf(page, email)).toContainText("Operator");
  await guest.goto(`${world.origin}/dashboard/settings/people`);
  await expect(guest.getByText("Owners and managers can do this.")).toBeVisible();
  await expect(guest.getByRole("navigation", { name: "Rooms of the settings" })).not.toContainText(
    "People",
  );
  await guest.goto(`${world.origin}/dashboard/settings`);
  await expect(guest.getByText("Owners and managers can change it.")).toBeVisible();
  await expect(guest.getByRole("button", { name: "New key" })).toHaveCount(0);
  await guest.goto("about:blank");
  await guest.goto(link);
  await expect(guest.getByRole("alert")).toContainText("This invitation is used");
  await expectAccessible(guest);
  await guest.context().close();
});

test("another role counts at once, and removal ends everything at once", async ({
  page,
  browser,
  world,
  ear,
}) => {
  ear.expectError(/status of 401 /);
  ear.expectError(/status of 403 .*settings\/origins$/);
  await signIn(page, world);
  await openPeople(page, world);
  const email = address();
  const guest = await join(browser, ear, await invite(page, email, "Viewer"));
  await openPeople(page, world);
  await page.getByRole("button", { name: `Change the role of ${email}` }).click();
  const question = page.getByRole("dialog", { name: `Change the role of ${email}` });
  await question.getByRole("radio", { name: "Manager" }).check();
  await question.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await question.getByRole("button", { name: "Give this role" }).click();
  await expect(question).toHaveCount(0);
  await expect(rowOf(page, email)).toContainText("Manager");

  await openPeople(guest, world);
  await expect(rowOf(guest, OWNER.email)).toBeVisible();
  await expect(guest.getByRole("button", { name: `Remove ${OWNER.email}` })).toHaveCount(0);
  await guest.goto(`${world.origin}/dashboard/settings`);
  await guest.getByLabel("Add a website").fill("shop.co.ke");
  await page.getByRole("button", { name: `Change the role of ${email}` }).click();
  await question.getByRole("radio", { name: "Viewer" }).check();
  await question.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await question.getByRole("button", { name: "Give this role" }).click();
  await expect(rowOf(page, email)).toContainText("Viewer");
  await guest.getByRole("button", { name: "Add", exact: true }).click();
  await expect(guest.getByRole("alert")).toHaveText(/Owners and managers can do this/);
  await expect(guest.getByLabel("Add a website")).toHaveCount(0);
  await untilLive(guest);
  await page.getByRole("button", { name: `Remove ${email}` }).click();
  const removal = page.getByRole("dialog", { name: `Remove ${email}` });
  await expect(removal.getByText("They are signed out at once")).toBeVisible();
  await expectAccessible(page);
  await removal.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await removal.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(removal).toHaveCount(0);
  await expect(rowOf(page, email)).toHaveCount(0);
  await expect(guest.getByText("Your session has ended.")).toBeVisible();
  await typeCredentials(guest, email, PASSWORD);
  await expect(guest.getByRole("alert")).toContainText("do not fit together");
  await guest.context().close();
});

test("an invitation is revoked by name", async ({ page, world }) => {
  await signIn(page, world);
  await openPeople(page, world);
  const email = address();
  await invite(page, email, "Manager");
  await page.getByRole("button", { name: `Revoke the invitation of ${email}` }).click();
  const question = page.getByRole("dialog", { name: `Revoke the invitation of ${email}` });
  await question.getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(question).toHaveCount(0);
  await expect(rowOf(page, email)).toHaveCount(0);
});

test("another session is signed out at once, and a new password signs out everywhere else", async ({
  page,
  browser,
  world,
  ear,
}) => {
  ear.expectError(/status of 401 /);
  ear.expectError(/status of 422 .*password$/);
  await signIn(page, world);
  await openPeople(page, world);
  const email = address();
  const first = await join(browser, ear, await invite(page, email, "Viewer"));
  const elsewhere = await browser.newContext();
  ear.listen(elsewhere);
  const second = await elsewhere.newPage();
  const enter = async (password: string) => {
    await second.goto(`${world.origin}/dashboard`);
    await typeCredentials(second, email, password);
    await untilLive(second);
  };
  await enter(PASSWORD);
  await first.goto(`${world.origin}/dashboard/settings/sessions`);
  await expect(first.getByRole("heading", { name: "Your sign-in", level: 1 })).toBeVisible();
  await expect(first.getByRole("listitem").filter({ hasText: "This one" })).toContainText("Chrome");
  await expectAccessible(first);
  await first.getByRole("button", { name: /^Sign out Chrome, .*, signed in / }).click();
  await expect(second.getByText("Your session has ended.")).toBeVisible();
  await expect(first.getByRole("button", { name: "Sign out everywhere else" })).toHaveCount(0);

  await enter(PASSWORD);
  await first.getByLabel("New password", { exact: true }).fill("another good password");
  await first.getByLabel("Password until now", { exact: true }).fill("not the password");
  await first.getByRole("button", { name: "Change password" }).click();
  await expect(first.getByText("This is not your password.")).toBeVisible();
  await first.getByLabel("Password until now", { exact: true }).fill(PASSWORD);
  await first.getByRole("button", { name: "Change password" }).click();
  await expect(first.getByText("Your password is changed")).toBeVisible();
  await expect(second.getByText("Your session has ended.")).toBeVisible();
  await enter("another good password");
  await elsewhere.close();
  await first.context().close();
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("people and sessions fit and can be read", async ({ page, world }) => {
    await signIn(page, world);
    await openPeople(page, world);
    await invite(page, `${"a-very-long-name".repeat(8)}@mugs.co.ke`, "Viewer");
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    for (const room of ["people", "sessions"]) {
      await page.goto(`${world.origin}/dashboard/settings/${room}`);
      await expect(page.getByRole("listitem").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
    await page.goto(`${world.origin}/dashboard/settings/people`);
    await page.getByText("Kila jukumu linaweza nini").click();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Mwalike mtu" }).click();
    const dialog = page.getByRole("dialog", { name: "Mwalike mtu" });
    await expect(dialog.getByRole("radio", { name: "Mtazamaji" })).toBeVisible();
    const beyond = await dialog.evaluate((box) => box.scrollWidth - box.clientWidth);
    expect(beyond, "what the dialog cuts off").toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
});
