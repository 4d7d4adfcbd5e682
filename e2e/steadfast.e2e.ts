/** The payment outlives reloads, dead sockets, lost callbacks and a second tab. */
import {
  enterPin,
  frameOf,
  heading,
  openHandset,
  openOverlay,
  payFrom,
  phoneField,
  receiptIn,
} from "./customer.ts";
import { expect, test } from "./fixtures.ts";

/** The first look at a silent attempt comes 20 s after M-PESA accepted it (machine §9). */
const FIRST_LOOK_PATIENCE_MS = 40_000;

test("a lost callback is found by asking M-PESA", async ({ page, world }) => {
  test.setTimeout(90_000);
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, world.phone("07"));
  await expect(heading(checkout, "Check your phone")).toBeVisible();
  await expect(heading(checkout, "Paid")).toBeVisible({ timeout: FIRST_LOOK_PATIENCE_MS });
  await expect(checkout.getByText(/receipt code is in the SMS/)).toBeVisible();
  const paid = await world.payment(payment.id);
  expect(paid).toMatchObject({ status: "confirmed", receipt: null, flags: ["receiptWanted"] });
  expect(paid.attempts).toHaveLength(1);
});

test("a reload while waiting still waits, and then sees it paid", async ({
  page,
  context,
  world,
}) => {
  const payment = await world.sell();
  const phone = world.phone("00");
  await page.goto(payment.checkoutUrl);
  await payFrom(page, phone);
  await expect(heading(page, "Check your phone")).toBeVisible();
  await page.reload();
  await expect(heading(page, "Check your phone")).toBeVisible();
  const prompt = await openHandset(await context.newPage(), world, phone);
  await enterPin(prompt);
  const receipt = await receiptIn(page);
  const paid = await world.payment(payment.id);
  expect(paid).toMatchObject({ status: "confirmed", receipt });
  expect(paid.attempts).toHaveLength(1);
});

test("the socket brings the news, not the polling", async ({ page, world }) => {
  const nudges: string[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      if (String(payload).includes('"payment"')) nudges.push(String(payload));
    });
  });
  const payment = await world.sell();
  await page.goto(payment.checkoutUrl);
  await payFrom(page, world.phone("03"));
  await expect(heading(page, "Check your phone")).toBeVisible();
  await expect(heading(page, "Your phone did not answer")).toBeVisible();
  // Nothing but which payment and how new: no phone, amount or receipt ever travels here.
  const { version } = await world.payment(payment.id);
  expect(nudges.at(-1)).toBe(`42["payment",{"id":"${payment.id}","version":${version}}]`);
});

test("with sockets blocked, polling brings the same end", async ({ page, world }) => {
  await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  const payment = await world.sell();
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, world.phone("01"));
  const receipt = await receiptIn(checkout);
  expect(await world.payment(payment.id)).toMatchObject({ status: "confirmed", receipt });
});

test("two tabs on one payment: one prompt, both see the end", async ({
  page,
  context,
  world,
  ear,
}) => {
  ear.expectError(/status of 409 \(Conflict\) \S+\/checkout\/v1\/prompt$/);
  const payment = await world.sell();
  const phone = world.phone("00");
  const second = await context.newPage();
  await page.goto(payment.checkoutUrl);
  await second.goto(payment.checkoutUrl);
  await payFrom(page, phone);
  await expect(heading(page, "Check your phone")).toBeVisible();
  // The second tab still shows the form; pressing Pay there must join, not ask again.
  await payFrom(second, phone);
  await expect(heading(second, "Check your phone")).toBeVisible();
  const prompt = await openHandset(await context.newPage(), world, phone);
  await enterPin(prompt);
  const receipt = await receiptIn(page);
  expect(await receiptIn(second)).toBe(receipt);
  expect((await world.payment(payment.id)).attempts).toHaveLength(1);
  expect(await world.promptsOnPhones(payment)).toBe(1);
});

test("closed and opened again, the overlay goes on where the payment is", async ({
  page,
  world,
}) => {
  const payment = await world.sell();
  const phone = world.phone("03");
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, phone);
  await expect(heading(checkout, "Check your phone")).toBeVisible();
  await checkout.getByRole("button", { name: "Close" }).click();
  const pay = page.getByRole("button", { name: "Pay with M-Pesa" });
  await expect(pay).toBeFocused();
  await pay.click();
  await expect(heading(frameOf(page), "Check your phone")).toBeVisible();
  await expect(phoneField(frameOf(page))).toHaveCount(0);
});
