/**
 * The power goes while a customer is being asked. The simulator lives in the same process, so the
 * callback never comes and M-PESA knows nothing of the prompt any more: the hardest kind of silence.
 */
import { heading, openOverlay, payFrom } from "./customer.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";
import { signIn } from "./owner.ts";

/** A prompt without any result is in doubt 120 s after M-PESA took it (machine §4, row 14). */
const DEADLINE_PATIENCE_MS = 150_000;

test("a crash between prompt and callback loses nothing and asks nobody twice", async ({
  page,
  context,
  ear,
  ownWorld,
}) => {
  test.setTimeout(DEADLINE_PATIENCE_MS + 60_000);
  ear.expectError(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection/);
  const world = await ownWorld();
  const payment = await world.sell();
  const phone = world.phone("00");
  const checkout = await openOverlay(page, world, payment);
  await payFrom(checkout, phone);
  await expect(heading(checkout, "Check your phone")).toBeVisible();
  // The page waits from the moment of sending; M-PESA must have taken the prompt as well.
  const state = async () => (await world.payment(payment.id)).attempts[0]?.state;
  await expect.poll(state).toBe("pending");

  await world.crash();
  await expect(checkout.getByText(/No connection/)).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page);
  await world.restart();
  await expect(checkout.getByText(/No connection/)).toBeHidden({ timeout: 30_000 });
  await expect(heading(checkout, "Check your phone")).toBeVisible();
  expect(await world.payment(payment.id)).toMatchObject({
    status: "pending",
    attempts: [{ state: "pending" }],
  });
  const prompt = { method: "POST", body: { phoneNumber: phone } } as const;
  const second = await world.api(`/v1/payments/${payment.id}/prompt`, prompt);
  expect(second.status).toBe(409);

  const doubt = heading(checkout, "We are finding out what happened");
  await expect(doubt).toBeVisible({ timeout: DEADLINE_PATIENCE_MS });
  await expectAccessible(page);
  const after = await world.payment(payment.id);
  expect(after).toMatchObject({ status: "in_doubt", closed: false, receipt: null });
  expect(after.attempts).toMatchObject([{ state: "in_doubt", reason: null }]);
  // The restarted simulator has seen no push at all: nothing was sent a second time.
  expect(await world.promptsOnPhones(payment)).toBe(0);

  const dashboard = await context.newPage();
  await signIn(dashboard, world);
  await dashboard.getByRole("link", { name: payment.orderReference, exact: true }).click();
  await expect(dashboard.getByText("No result after two minutes: in doubt")).toBeVisible();
  await expectAccessible(dashboard);
});
