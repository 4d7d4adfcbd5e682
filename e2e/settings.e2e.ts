/** Settings: lines to embed, keys that begin and end, websites that may show the checkout. */
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";
import { OWNER } from "./world.ts";

test("a key is made once it is proved who asks, works, and ends when it is revoked", async ({
  page,
  world,
  ear,
}) => {
  ear.expectError(/status of 403 .*settings\/keys$/);
  ear.expectError(/status of 422 .*step-up$/);
  await signIn(page, world);
  world.proofsRunOut();
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog", { name: "New key" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Make the key" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await expect(proof).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog.getByRole("alert")).toHaveText(/Nothing was done/);
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await proof.getByLabel("Your password", { exact: true }).fill("not the password");
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(proof.getByText("This is not your password.")).toBeVisible();
  await proof.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(proof).toHaveCount(0);
  const shown = page.getByRole("region", { name: "The new key" });
  const key = (await shown.textContent())?.trim() ?? "";
  expect(key).toMatch(/^sk_test_[\w-]{43}$/);
  await expectAccessible(page);
  const read = () =>
    fetch(`${world.origin.replace("localhost", "127.0.0.1")}/v1/payments`, {
      headers: { Authorization: `Bearer ${key}` },
    }).then(({ status }) => status);
  expect(await read()).toBe(200);
  await page.getByRole("button", { name: "I have kept it" }).click();
  await expect(shown).toHaveCount(0);

  const name = `Revoke the key sk_test_…${key.slice(-4)}`;
  await page.getByRole("button", { name }).click();
  const question = page.getByRole("dialog", { name });
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await expect(page.getByRole("button", { name })).toBeFocused();
  await page.keyboard.press("Enter");
  await question.getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(page.getByRole("button", { name })).toHaveCount(0);
  expect(await read()).toBe(401);
});

test("websites are named, and a page that is behind the times is told so", async ({
  page,
  context,
  world,
  ear,
}) => {
  ear.expectError(/status of 409 .*settings\/origins$/);
  await signIn(page, world);
  const other = await context.newPage();
  for (const each of [page, other]) await each.goto(`${world.origin}/dashboard/settings`);
  const add = async (where: typeof page, website: string) => {
    await where.getByLabel("Add a website").fill(website);
    await where.getByRole("button", { name: "Add", exact: true }).click();
  };
  await add(page, "not a website");
  await expect(page.getByText("Write the address of a website")).toBeVisible();
  await add(page, "shop.co.ke/cart");
  await expect(page.getByRole("button", { name: "Remove https://shop.co.ke" })).toBeVisible();
  await add(other, "another.co.ke");
  await expect(other.getByRole("alert")).toHaveText(/Somebody changed this meanwhile/);
  await expect(other.getByRole("button", { name: "Remove https://shop.co.ke" })).toBeVisible();
  await page.getByRole("button", { name: "Remove https://shop.co.ke" }).click();
  await expect(page.getByText("Any secure website may show your checkout.")).toBeVisible();
});

test("the lines to embed say what was chosen", async ({ page, world }) => {
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/settings`);
  const lines = page.getByRole("region", { name: "Lines for your page" });
  await expect(lines).toContainText(`<script src="${world.origin}/lipia.js"`);
  await page.getByRole("radio", { name: "Inside the page" }).check();
  await page.getByLabel("Words on the button").fill('Pay "now"');
  await expect(lines).toContainText('data-mode="inline"');
  await expect(lines).toContainText('data-label="Pay &quot;now&quot;"');
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("settings fit and can be read", async ({ page, world }) => {
    await signIn(page, world);
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.goto(`${world.origin}/dashboard/settings`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
