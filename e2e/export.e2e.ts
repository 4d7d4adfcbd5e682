/** Files of the list: a workbook, whole phone numbers behind a proof, and what the audit log keeps. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { unzipped } from "../server/http/zip-reader.test-support.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

const dialogOf = (page: Page) => page.getByRole("dialog", { name: "Export payments" });

async function openDialog(page: Page) {
  await page.getByRole("button", { name: "Export", exact: true }).click();
  return dialogOf(page);
}

async function prompted(world: World, orderReference: string) {
  const payment = await world.sell({ orderReference });
  const phone = world.phone("13");
  const body = { phoneNumber: phone };
  await world.api(`/v1/payments/${payment.id}/prompt`, { method: "POST", body });
  return `254${phone.slice(1)}`;
}

test("whole phone numbers are taken by name and by proof, and the audit log says who", async ({
  page,
  ear,
  ownWorld,
}) => {
  const world = await ownWorld();
  ear.expectError(/status of 403 .*export-numbers$/);
  const phone = await prompted(world, "MUG-WHOLE");
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/payments?orderReference=MUG-WHOLE`);
  await expect(page.getByRole("link", { name: "MUG-WHOLE", exact: true })).toBeVisible();
  await world.proofsRunOut();
  const dialog = await openDialog(page);
  await expectAccessible(page);

  // As it stands, the file is masked, and a workbook.
  let started = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  let download = await started;
  expect(download.suggestedFilename()).toMatch(/^lipia-payments-\d{4}-\d\d-\d\d\.xlsx$/);
  const book = unzipped(await readFile(await download.path()));
  const sheet = book.get("xl/worksheets/sheet1.xml") ?? "";
  expect(sheet).toContain(">MUG-WHOLE<");
  expect(sheet).toContain(`>254*****${phone.slice(-4)}<`);
  expect(sheet).not.toContain(phone);
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Export", exact: true })).toBeFocused();

  await openDialog(page);
  await dialog.getByRole("radio", { name: "CSV" }).check();
  await dialog.getByRole("radio", { name: "Whole" }).check();
  await expect(dialog.getByRole("status").getByText(/whole phone numbers/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Export whole numbers" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await expect(proof).toBeVisible();
  await proof.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  started = page.waitForEvent("download");
  await proof.getByRole("button", { name: "Confirm" }).click();
  download = await started;
  expect(await readFile(await download.path(), "utf8")).toContain(`MUG-WHOLE,${phone},`);

  await page.goto(`${world.origin}/dashboard/settings/audit`);
  const rows = page.getByRole("list", { name: "What was done" }).getByRole("listitem");
  const taken = rows.filter({ hasText: "exported payments with whole phone numbers" });
  await expect(taken).toContainText("orderReference=MUG-WHOLE");
  await expect(taken).toContainText("Rows: 1");
  await expect(rows.filter({ hasText: "exported payments, phones masked" })).toHaveCount(1);
});

test("who may not have numbers reads why, and a failure loses nothing", async ({
  page,
  ear,
  ownWorld,
}) => {
  const world = await ownWorld();
  ear.expectError(/ERR_INTERNET_DISCONNECTED/);
  await prompted(world, "MUG-MASKED");
  await signIn(page, world);
  const dialog = await openDialog(page);
  await dialog.getByRole("radio", { name: "CSV" }).check();
  await page.context().setOffline(true);
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await expect(dialog.getByRole("radio", { name: "CSV" })).toBeChecked();
  await page.context().setOffline(false);
  const started = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  expect((await started).suggestedFilename()).toMatch(/\.csv$/);

  world.tamper("update users set role = 'operator'");
  await page.reload();
  await openDialog(page);
  await expect(dialog.getByText(/Owners and managers may export whole numbers/)).toBeVisible();
  await expect(dialog.getByRole("radio", { name: "Whole" })).toHaveCount(0);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
