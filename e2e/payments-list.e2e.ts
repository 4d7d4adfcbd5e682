/** The list of payments as a person works with it: filters, totals, a file, columns, saved views. */
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { type Ear, expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { rowOf, signIn, untilLive } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

/** Amounts that no other test sells for, so that a shared world does not blur what is found. */
const [SMALL, LARGE] = [4_321, 8_642];

/** A failed payment (wrong PIN) and an open one. */
async function twoPayments(world: World) {
  const failed = await world.sell({ amount: SMALL });
  const open = await world.sell({ amount: LARGE, orderReference: `=SUM-${Date.now()}` });
  const prompt = { method: "POST", body: { phoneNumber: world.phone("05") } } as const;
  expect((await world.api(`/v1/payments/${failed.id}/prompt`, prompt)).status).toBe(201);
  return { failed, open };
}

const filtersButton = (page: Page) => page.getByRole("button", { name: /^Filters/ });
const panel = (page: Page) => page.getByRole("form", { name: "Filters" });
const asked = (page: Page) => page.getByRole("list", { name: "Filters in use" });
const removal = (page: Page, words: string) =>
  page.getByRole("button", { name: `Remove filter: ${words}` });

test("filters are set by keyboard, stand in the address, and are taken away one by one", async ({
  page,
  world,
}) => {
  const { failed, open } = await twoPayments(world);
  await signIn(page, world);
  await expect(rowOf(page, failed.orderReference)).toContainText("Wrong PIN");
  await page.keyboard.press("f");
  await expectAccessible(page);
  await expect(panel(page).getByRole("checkbox", { name: "Paid" })).toBeFocused();
  await panel(page).getByRole("checkbox", { name: "Failed", exact: true }).check();
  await panel(page).getByRole("checkbox", { name: "Open", exact: true }).check();
  await panel(page).getByLabel("KES at least").fill("4,321");
  await panel(page).getByLabel("KES at most").fill(String(LARGE));
  await page.keyboard.press("Enter");
  await expect(panel(page)).toHaveCount(0);
  await expect(filtersButton(page)).toBeFocused();
  await expect(page).toHaveURL(/\?status=open,failed&amountFrom=4321&amountTo=8642$/);
  await expect(rowOf(page, failed.orderReference)).toBeVisible();
  await expect(rowOf(page, open.orderReference)).toBeVisible();
  await expect(asked(page)).toBeVisible();
  await expectAccessible(page);

  await filtersButton(page).click();
  await panel(page).getByText("Why it failed").click();
  await panel(page).getByRole("checkbox", { name: "Wrong PIN" }).check();
  await panel(page).getByRole("button", { name: "Show payments" }).click();
  await expect(rowOf(page, open.orderReference)).toHaveCount(0);
  await expect(rowOf(page, failed.orderReference)).toBeVisible();

  await page.reload();
  await expect(removal(page, "Wrong PIN")).toBeVisible();
  await expect(rowOf(page, failed.orderReference)).toBeVisible();
  await page.goBack();
  await expect(rowOf(page, open.orderReference)).toBeVisible();
  await expect(removal(page, "Wrong PIN")).toHaveCount(0);
  await removal(page, "Open or Failed").click();
  await expect(page).toHaveURL(/\?amountFrom=4321&amountTo=8642$/);
  await page.getByRole("button", { name: "Remove all" }).click();
  await expect(page).toHaveURL(/\/dashboard\/payments$/);
});

test("what cannot be asked is said beside its field, and a whole number becomes its end", async ({
  page,
  world,
}) => {
  await signIn(page, world);
  await filtersButton(page).click();
  await panel(page).getByLabel("M-PESA receipt").fill("QK1");
  await panel(page).getByLabel("KES at least").fill("20");
  await panel(page).getByLabel("KES at most").fill("10");
  await panel(page).getByText("Where it came from").click();
  await panel(page).getByLabel("Page, such as").fill("our shop");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Write the name of a website")).toBeVisible();
  await expect(page.getByText("A receipt has 10 letters and digits.")).toBeVisible();
  await expect(page.getByText("This end lies before the other.")).toBeVisible();
  await expect(panel(page).getByLabel("KES at most")).toBeFocused();
  await expectAccessible(page);
  await panel(page).getByRole("button", { name: "Empty all" }).click();
  await panel(page).getByLabel("Last digits of phone").fill("0712 345 678");
  await panel(page).getByRole("button", { name: "Today" }).click();
  await panel(page).getByLabel("Page, such as").fill("Shop.co.ke/cart");
  await panel(page).getByRole("checkbox", { name: "Asked on the phone" }).check();
  await panel(page).getByRole("button", { name: "Show payments" }).click();
  await expect(removal(page, "From shop.co.ke")).toBeVisible();
  await expect(removal(page, "Asked on the phone")).toBeVisible();
  await expect(removal(page, "Phone …5678")).toBeVisible();
  await expect(removal(page, "Since Today")).toBeVisible();
  await expect(page).toHaveURL(/phoneTail=5678/);
  await expect(page).not.toHaveURL(/0712/);
  await filtersButton(page).click();
  await panel(page)
    .getByRole("checkbox", { name: "Only payments whose page is not known" })
    .check();
  await expect(panel(page).getByLabel("Page, such as")).toHaveValue("");
  await page.keyboard.press("Escape");
  await expect(panel(page)).toHaveCount(0);
  await expect(filtersButton(page)).toBeFocused();
});

test("totals follow the payments, and the file holds what is shown", async ({ page, world }) => {
  const amount = 7_531;
  const first = await world.sell({ amount, orderReference: `=SUM-${Date.now()}` });
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/payments?amountFrom=${amount}&amountTo=${amount}`);
  await expect(page.getByText("1 payment · KES 0 paid")).toBeVisible();
  await untilLive(page);
  const prompt = { method: "POST", body: { phoneNumber: world.phone("01") } } as const;
  await world.api(`/v1/payments/${first.id}/prompt`, prompt);
  await expect(page.getByText("1 payment · KES 7,531 paid")).toBeVisible();

  await page.getByRole("button", { name: "Columns" }).click();
  const columns = page.getByRole("group", { name: /^Shown in the list/ });
  await expectAccessible(page);
  await columns.getByRole("checkbox", { name: "Time" }).uncheck();
  await columns.getByRole("checkbox", { name: "Tries" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Time" })).toHaveCount(0);
  await expect(page.getByRole("columnheader", { name: "Tries" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "Tries" })).toBeVisible();

  await page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Export payments" });
  await dialog.getByRole("radio", { name: "CSV" }).check();
  const started = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const download = await started;
  expect(download.suggestedFilename()).toMatch(/^lipia-payments-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).split("\r\n");
  const { receipt } = await world.payment(first.id);
  expect(lines).toEqual([
    "\ufeffAmount (KES),Status,Order,Phone,Receipt,Reason,Flags,Attempts",
    expect.stringMatching(
      new RegExp(`^7531,confirmed,'${first.orderReference},254\\*{5}\\d{4},${receipt},,\\w*,1$`),
    ),
    "",
  ]);
});

test("with every column chosen each can be read, and the page does not move sideways", async ({
  page,
  world,
}) => {
  const { orderReference } = await world.sell();
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/payments?orderReference=${orderReference}`);
  await page.getByRole("button", { name: "Columns" }).click();
  const columns = page.getByRole("group", { name: /^Shown in the list/ });
  for (const name of ["Paid", "Account", "Description", "Tries", "Payment id"]) {
    await columns.getByRole("checkbox", { name, exact: true }).check();
  }
  await page.keyboard.press("Escape");
  for (const name of ["Order", "Remark", "Description", "Payment id"]) {
    const box = await page.getByRole("columnheader", { name, exact: true }).boundingBox();
    expect(box?.width, `width of ${name}`).toBeGreaterThan(120);
  }
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

const views = (page: Page) => page.getByRole("button", { name: "Saved views" });
const view = (page: Page, name: string) => page.getByRole("link", { name, exact: true });

/** Somebody's own browser, signed in at the list. */
async function anotherBrowser(browser: Browser, ear: Ear): Promise<Page> {
  const context = await browser.newContext();
  ear.listen(context);
  return context.newPage();
}

/** Invites a viewer as the owner of `page`, and lets them in by a browser of their own. */
async function anotherPerson(page: Page, world: World, browser: Browser, ear: Ear) {
  const email = `views-${process.pid}-${Date.now()}@mugs.co.ke`;
  const wish = { email, role: "viewer", password: OWNER.password };
  const invited = await page.request.post(`${world.origin}/dashboard/api/invitations`, {
    data: wish,
    headers: { Origin: world.origin },
  });
  const guest = await anotherBrowser(browser, ear);
  await guest.goto((await invited.json()).link);
  await guest.getByLabel("Choose a password", { exact: true }).fill("chosen on the first day");
  await guest.getByRole("button", { name: "Join and sign in" }).click();
  await expect(guest.getByRole("heading", { name: "Payments", level: 1 })).toBeVisible();
  return guest;
}

test("a filter with a name is opened again and deleted", async ({ page, world }) => {
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/payments?status=failed,expired&amountFrom=1000`);
  await views(page).click();
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByText("Give it a name.")).toBeVisible();
  await page.getByLabel("Name for this filter").fill("Lost sales");
  await page.keyboard.press("Enter");
  await expect(view(page, "Lost sales")).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${world.origin}/dashboard/payments`);
  await views(page).click();
  await view(page, "Lost sales").click();
  await expect(page).toHaveURL(/\?status=expired,failed&amountFrom=1000$/);
  await expect(removal(page, "KES 1,000 or more")).toBeVisible();
  await page.getByRole("button", { name: "Delete the view Lost sales" }).click();
  await expect(view(page, "Lost sales")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Bring back Lost sales" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(view(page, "Lost sales")).toBeFocused();
  await page.getByRole("button", { name: "Delete the view Lost sales" }).click();
  await expect(page.getByRole("button", { name: "Bring back Lost sales" })).toBeVisible();
  await page.reload();
  await views(page).click();
  await expect(page.getByLabel("Name for this filter")).toBeVisible();
  await expect(view(page, "Lost sales")).toHaveCount(0);
});

test("views go with the person to every browser, and to nobody else", async ({
  page,
  browser,
  world,
  ear,
}) => {
  const long = `The whole weekend ${"and more ".repeat(4).trim()}`;
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/payments?status=open`);
  await views(page).click();
  await page.getByLabel("Name for this filter").fill(long);
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(view(page, long)).toHaveAttribute("title", long);

  const phone = await anotherBrowser(browser, ear);
  await signIn(phone, world);
  await views(phone).click();
  await view(phone, long).click();
  await expect(phone).toHaveURL(/\?status=open$/);

  const guest = await anotherPerson(page, world, browser, ear);
  await views(guest).click();
  await expect(guest.getByText("None yet. Filter the list")).toBeVisible();
  await expect(view(guest, long)).toHaveCount(0);

  await phone.getByRole("button", { name: `Delete the view ${long}` }).click();
  await expect(view(phone, long)).toHaveCount(0);
  ear.expectError(/status of 404 .*delete$/);
  await page.getByRole("button", { name: `Delete the view ${long}` }).click();
  await expect(page.getByText("This view was deleted already.")).toBeVisible();
  await expect(view(page, long)).toHaveCount(0);
  await phone.context().close();
  await guest.context().close();
});

test("a whole number is not kept, and without a connection the menu says so", async ({
  page,
  world,
  ear,
}) => {
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/payments?q=0712345678`);
  await expect(page).not.toHaveURL(/0712345678/);
  await views(page).click();
  await page.getByLabel("Name for this filter").fill("One customer");
  ear.expectError(/status of 422 .*views$/);
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByText("A whole phone number is not kept.")).toBeVisible();
  await expectAccessible(page);
  ear.expectError(/ERR_INTERNET_DISCONNECTED/);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByText("Offline: views can be opened, not saved")).toBeVisible();
  await expectAccessible(page);
  await page.context().setOffline(false);
});

test("what a browser kept before is offered, moved, and not offered again", async ({
  page,
  world,
}) => {
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/payments?status=expired`);
  await views(page).click();
  await page.getByLabel("Name for this filter").fill("Weekend");
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(view(page, "Weekend")).toBeVisible();
  await page.evaluate(() => {
    const kept = [
      { name: "weekend", path: "/dashboard/payments?status=open" },
      { name: "Small change", path: "/dashboard/payments?amountTo=50" },
    ];
    localStorage.setItem("lipia.views", JSON.stringify(kept));
  });
  await page.reload();
  await views(page).click();
  await expect(page.getByText("This browser keeps 2 views of its own.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Keep the views of this browser" }).click();
  await expect(view(page, "weekend (2)")).toBeVisible();
  await expect(page.getByRole("button", { name: "Keep the views of this browser" })).toHaveCount(0);
  await page.reload();
  await views(page).click();
  await expect(view(page, "Weekend")).toHaveAttribute("href", /\?status=expired$/);
  await expect(view(page, "weekend (2)")).toHaveAttribute("href", /\?status=open$/);
  await expect(view(page, "Small change")).toHaveAttribute("href", /\?amountTo=50$/);
  await expect(page.getByRole("button", { name: "Keep the views of this browser" })).toHaveCount(0);
});

test("new rows wait while the pointer is among the rows", async ({ page, world }) => {
  const amount = 9_753;
  const first = await world.sell({ amount });
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/payments?amountFrom=${amount}&amountTo=${amount}`);
  await untilLive(page);
  await rowOf(page, first.orderReference).hover();
  const second = await world.sell({ amount });
  await world.sell({ amount: amount + 1 });
  await expect(page.getByRole("button", { name: "1 new payment" })).toBeVisible();
  await expect(rowOf(page, second.orderReference)).toHaveCount(0);
  await page.getByRole("button", { name: "1 new payment" }).click();
  await expect(rowOf(page, second.orderReference)).toBeVisible();
  await expect(page.getByText("2 payments · KES 0 paid")).toBeVisible();
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("filters, columns and views fit and can be read", async ({ page, world }) => {
    const { failed } = await twoPayments(world);
    // A row that came later would be announced behind the open menus.
    await expect.poll(async () => (await world.payment(failed.id)).status).toBe("failed");
    await signIn(page, world);
    await page.evaluate(() => {
      localStorage.setItem("lipia.locale", "sw");
      localStorage.setItem("lipia.columns", '["time","amount","status","account","attempts","id"]');
    });
    await page.goto(`${world.origin}/dashboard/payments?status=open,failed&amountFrom=${SMALL}`);
    await expect(page.getByRole("row").nth(1)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: /^Vichujio/ }).click();
    await expect(page.getByRole("form", { name: "Vichujio" })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    for (const name of ["Safu", "Mionekano"]) {
      await page.getByRole("button", { name, exact: true }).click();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.keyboard.press("Escape");
    }
  });
});
