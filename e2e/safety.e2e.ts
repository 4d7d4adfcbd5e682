/** Safety: the second factor from first to last, and the audit log with its proof. */
import type { Page } from "@playwright/test";
import { codeOf, stepAt } from "../server/flows/totp.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn, typeCredentials } from "./owner.ts";
import { OWNER } from "./world.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an authenticator app does with a secret that was typed. */
function appFor(typed: string): () => string {
  const bits = [...typed.replaceAll(" ", "")]
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const secret = Buffer.from(bytes);
  // Half a minute may end on the way to the server, which takes the code before as well.
  return () => codeOf(secret, stepAt(Date.now()));
}

async function settled(page: Page, origin: string, path: string, title: string): Promise<void> {
  await page.goto(`${origin}/dashboard/settings/${path}`);
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
}

test("a second factor is switched on, asked for, and switched off again", async ({
  page,
  ear,
  ownWorld,
}) => {
  const world = await ownWorld();
  ear.expectError(/status of 401 .*sign-in$/);
  ear.expectError(/status of 403 .*(keys|recovery-codes|second-factor)$/);
  ear.expectError(/status of 422 .*(confirm|step-up|off)$/);
  await signIn(page, world);
  await settled(page, world.origin, "sessions", "Your sign-in");
  const panel = page.getByRole("region", { name: "Authenticator app" });
  await panel.getByRole("button", { name: "Switch on" }).click();
  const dialog = page.getByRole("dialog", { name: "Switch the authenticator app on" });
  await expect(dialog.getByRole("img", { name: "Square for the authenticator app" })).toBeVisible();
  await dialog.getByText("Cannot scan it?").click();
  await expectAccessible(page);
  const secret = dialog.getByRole("region", { name: "Secret for the authenticator app" });
  const app = appFor((await secret.textContent()) ?? "");
  await dialog.getByLabel("Code that the app shows").fill("12345");
  await dialog.getByRole("button", { name: "Switch on" }).click();
  await expect(dialog.getByText("This code is not right")).toBeVisible();
  await dialog.getByLabel("Code that the app shows").fill(app());
  await dialog.getByRole("button", { name: "Switch on" }).click();
  const kept = page.getByRole("region", { name: "Recovery codes", exact: true });
  const shown = kept.getByRole("region", { name: "Your recovery codes" });
  const codes = ((await shown.textContent()) ?? "").trim().split("\n");
  expect(codes).toHaveLength(10);
  await expect(kept.getByText("10 recovery codes left")).toBeVisible();
  await expectAccessible(page);
  await kept.getByRole("button", { name: "I have kept them" }).click();
  await expect(shown).toHaveCount(0);

  await page.getByRole("button", { name: "Account and settings" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await typeCredentials(page, OWNER.email, OWNER.password);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expect(page.getByLabel("Code")).toBeFocused();
  await expectAccessible(page);
  await page.getByLabel("Code").fill("000 00");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("This code is not right")).toBeVisible();
  await page.getByLabel("Code").fill(codes[0] ?? "");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();

  await expect(page.getByRole("heading", { name: "Your sign-in", level: 1 })).toBeVisible();
  await expect(kept.getByText("9 recovery codes left")).toBeVisible();
  world.proofsRunOut();
  await kept.getByRole("button", { name: "New recovery codes" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await proof.getByLabel("Code").fill(codes[1] ?? "");
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(kept.getByText("10 recovery codes left")).toBeVisible();
  const renewed = ((await shown.textContent()) ?? "").trim().split("\n");

  await panel.getByRole("button", { name: "Switch off" }).click();
  const question = page.getByRole("dialog", { name: "Switch the authenticator app off" });
  await question.getByLabel("Code").fill(codes[2] ?? "");
  await question.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await question.getByRole("button", { name: "Switch off" }).click();
  await expect(question.getByText("This code is not right")).toBeVisible();
  await expectAccessible(page);
  await question.getByLabel("Code").fill(renewed[0] ?? "");
  await question.getByRole("button", { name: "Switch off" }).click();
  await expect(panel.getByText("Off", { exact: true })).toBeVisible();
});

test("the audit log says who did what, and a row that was changed is named", async ({
  page,
  ear,
  ownWorld,
}) => {
  const world = await ownWorld();
  ear.expectError(/status of 401 .*sign-in$/);
  await page.goto(`${world.origin}/dashboard`);
  await typeCredentials(page, OWNER.email, "not the password");
  await expect(page.getByRole("alert")).toBeVisible();
  await signIn(page, world);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Add a website").fill("shop.co.ke");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("button", { name: "Remove https://shop.co.ke" })).toBeVisible();
  await page.getByRole("link", { name: "Audit log" }).click();
  const rows = page.getByRole("list", { name: "What was done" }).getByRole("listitem");
  await expect(rows.first()).toContainText(`${OWNER.email} changed the websites`);
  await expect(rows.first()).toContainText("Websites: https://shop.co.ke");
  await expect(rows.filter({ hasText: "turned away who tried to be" })).toHaveCount(1);
  await expectAccessible(page);

  await page
    .getByRole("combobox", { name: "Person" })
    .selectOption({ label: "Somebody at the server's terminal" });
  await expect(rows.first()).toContainText("made a webhook secret");
  await page
    .getByRole("combobox", { name: "What was done" })
    .selectOption({ label: "Signing out" });
  await expect(page.getByRole("heading", { name: "Nothing fits" })).toBeVisible();
  await page.getByRole("button", { name: "Show everything" }).click();
  await expect(rows.first()).toContainText("changed the websites");

  const verify = page.getByRole("button", { name: "Verify all rows" });
  await verify.click();
  await expect(page.getByRole("status").filter({ hasText: /All \d+ rows are as/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Hash of the newest row" })).toContainText(
    /^[0-9a-f]{64}$/,
  );
  await expectAccessible(page);
  world.tamper("update audit set actor = 'system' where id = '000000000003'");
  await verify.click();
  await expect(page.getByRole("alert")).toContainText("Row 3 says something else");
  await expectAccessible(page);
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("safety fits and can be read", async ({ page, world }) => {
    await signIn(page, world);
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await settled(page, world.origin, "audit", "Kumbukumbu za ukaguzi");
    await expect(page.getByRole("listitem").first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await settled(page, world.origin, "sessions", "Kuingia kwako");
    await page.getByRole("button", { name: "Washa" }).click();
    await expect(page.getByRole("img", { name: "Mraba wa programu ya uthibitisho" })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Ghairi" }).click();
  });
});
