/** The look: a name, a colour and a logo, seen beside the form and then by a customer. */
import type { Page } from "@playwright/test";
import { JPEG, pngOf, SVG } from "../server/logo-samples.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";
import type { World } from "./world.ts";

const LOGO = { name: "logo.png", mimeType: "image/png", buffer: pngOf(96, 96) };
/** `#6b2fa0`, as browsers write a computed colour. */
const PURPLE = "rgb(107, 47, 160)";

async function openLook(page: Page, world: World): Promise<void> {
  await page.goto(`${world.origin}/dashboard/settings/look`);
  await expect(page.getByRole("heading", { name: "Look", level: 1 })).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toBeVisible();
}
const preview = (page: Page) => page.frameLocator('iframe[title="Preview of the checkout"]');
/** A picture that the browser could draw. */
const drawn = (image: Element) => (image as HTMLImageElement).naturalWidth;

test("name, colour and logo show in the preview at once, and after saving to customers", async ({
  page,
  context,
  world,
}) => {
  await signIn(page, world);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Look" }).click();
  await expect(preview(page).getByText("Mug Shop")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Name", { exact: true }).fill("Duka la Asha");
  await page.getByLabel("Colour", { exact: true }).fill("#6b2fa0");
  await page.getByLabel("Choose a logo").setInputFiles(LOGO);
  await expect(preview(page).getByText("Duka la Asha")).toBeVisible();
  await expect(preview(page).locator("button.main")).toHaveCSS("background-color", PURPLE);
  await expect.poll(() => preview(page).locator("header img").evaluate(drawn)).toBe(96);
  await page.getByRole("radio", { name: "Dark page" }).check();
  await expect(preview(page).locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByText("hard to see on the dark page")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save the look" }).click();
  await expect(page.getByText("Saved. Customers see it from now on.")).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Duka la Asha");

  const customer = await context.newPage();
  await customer.goto((await world.sell()).checkoutUrl);
  await expect(customer.getByText("Duka la Asha")).toBeVisible();
  const pay = customer.getByRole("button", { name: /^Pay KES/ });
  await expect(pay).toHaveCSS("background-color", PURPLE);
  await expect(pay).toHaveCSS("color", "rgb(255, 255, 255)");
  await expect.poll(() => customer.locator("header img").evaluate(drawn)).toBe(96);
  await expectAccessible(customer);

  await page.getByRole("button", { name: "Remove the logo" }).click();
  await expect(page.getByLabel("Choose a logo")).toBeFocused();
  await page.getByLabel("Colour", { exact: true }).fill("");
  await page.getByLabel("Name", { exact: true }).fill("Mug Shop");
  await page.getByRole("button", { name: "Save the look" }).click();
  await expect(page.getByText("Saved. Customers see it from now on.")).toBeVisible();
  await customer.reload();
  await expect(customer.getByText("Mug Shop")).toBeVisible();
  await expect(customer.locator("header img")).toHaveCount(0);
  await expect(customer.locator("header .initial")).toHaveText("M");
});

test("what is wrong is said beside the field, and nothing of it is kept", async ({
  page,
  world,
}) => {
  await signIn(page, world);
  await openLook(page, world);
  const name = page.getByLabel("Name", { exact: true });
  const colour = page.getByLabel("Colour", { exact: true });
  await name.fill("  ");
  await colour.fill("red");
  await page.getByRole("button", { name: "Save the look" }).click();
  await expect(page.getByText("Write a name.")).toBeVisible();
  await expect(name).toBeFocused();
  await expect(page.getByText("Write a colour as #")).toBeVisible();
  await expectAccessible(page);
  const choose = page.getByLabel("Choose a logo");
  const chosen = async (mimeType: string, buffer: Buffer, words: string) => {
    await choose.setInputFiles({ name: "logo", mimeType, buffer });
    await expect(page.getByText(words)).toBeVisible();
    await expect(choose).toHaveAttribute("aria-invalid", "true");
  };
  await chosen("image/svg+xml", SVG, "not a PNG, JPEG or WebP picture");
  await chosen("image/png", pngOf(96, 30), "must be 32 to 1024 pixels");
  await chosen("image/png", SVG, "not a PNG, JPEG or WebP picture");
  await chosen("image/png", pngOf(48, 48, [0, 0, 0], 70_000), "larger than 64 KB");
  await chosen("image/png", pngOf(96, 40), "Cut it nearly square");
  await choose.setInputFiles({ name: "logo", mimeType: "image/jpeg", buffer: JPEG });
  await expect(choose).toHaveAttribute("aria-invalid", "false");
  await expect(page.getByRole("img", { name: "The logo now" })).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue("Mug Shop");
  await expect(page.getByRole("img", { name: "The logo now" })).toHaveCount(0);
});

test("a page that is behind the times is told so and shows what was left", async ({
  page,
  context,
  world,
  ear,
}) => {
  ear.expectError(/status of 409 .*settings\/brand$/);
  await signIn(page, world);
  const other = await context.newPage();
  for (const each of [page, other]) await openLook(each, world);
  const save = async (where: Page, colour: string) => {
    await where.getByLabel("Colour", { exact: true }).fill(colour);
    await where.getByRole("button", { name: "Save the look" }).click();
  };
  await save(page, "#35526b");
  await expect(page.getByText("Saved.")).toBeVisible();
  await save(other, "#aa0000");
  await expect(other.getByRole("alert")).toHaveText(/Somebody changed this meanwhile/);
  await expect(other.getByLabel("Colour", { exact: true })).toHaveValue("#35526b");
  await save(other, "");
  await expect(other.getByText("Saved.")).toBeVisible();
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("the look fits and can be read", async ({ page, world }) => {
    await signIn(page, world);
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.goto(`${world.origin}/dashboard/settings/look`);
    await expect(page.getByRole("button", { name: "Hifadhi mwonekano" })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
