/** Home and failures over HTTP in the whole house, from a payment's prompt to the counts. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type FailuresView,
  failuresView,
  type HomeView,
  homeView,
} from "../../shared/insight-api.ts";
import { eventually, type Reply, type TestHouse, testHouse } from "../app.test-support.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };

let house: TestHouse;
let read: (path: string) => Promise<Reply>;
beforeAll(async () => {
  house = await testHouse();
  const headers = { Origin: house.origin, Authorization: "" };
  const signedIn = await house.call("POST", "/dashboard/api/sign-in", OWNER, headers);
  const cookie = (signedIn.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  read = (path) =>
    house.call("GET", `/dashboard/api/insight/${path}`, undefined, { ...headers, Cookie: cookie });
});
afterAll(() => house[Symbol.asyncDispose]());

let orders = 0;
async function sell(amount: number, scenario: string): Promise<string> {
  orders += 1;
  const opened = await house.call("POST", "/v1/payments", {
    amount,
    orderReference: `O-${orders}`,
  });
  const phoneNumber = `0700${String(orders).padStart(4, "0")}${scenario}`;
  await house.call("POST", `/v1/payments/${opened.body.id}/prompt`, { phoneNumber });
  return opened.body.id;
}

/** Today as the server's page would ask for it; tests may run over midnight in Nairobi. */
const dayAt = (at: number) => new Date(at + 3 * 3_600_000).toISOString().slice(0, 10);

test("what is paid and what fails is counted at once, by reason and by the merchant's fault", async () => {
  const started = Date.now();
  await sell(1_250, "01");
  await sell(300, "02");
  const odd = await sell(2_000, "17");
  await sell(800, "18");
  // Refused at the push: nobody was asked.
  await sell(90, "13");
  const home = await eventually<HomeView>(
    async () => (await read("home")).body,
    ({ today, inReview }) =>
      today.counts.failed + today.counts.cancelled + inReview === 4 && today.counts.paid === 1,
  );
  expect(homeView.parse(home)).toEqual(home);
  expect(home.today).toMatchObject({
    taken: 1_250,
    counts: { opened: 5, typed: 5, prompted: 4, paid: 1 },
  });
  expect(home.today.medianSeconds).toBeLessThan(60);
  expect(home.lastWeek).toMatchObject({ taken: 0, counts: { opened: 0 }, medianSeconds: null });
  expect(home.latest.map(({ orderReference }) => orderReference)).toEqual([
    "O-5",
    "O-4",
    "O-3",
    "O-2",
    "O-1",
  ]);
  expect(home.hands.map(({ payment, cause }) => [payment.id, cause])).toEqual([[odd, "review"]]);
  const { watch } = home;
  expect(watch).toMatchObject({
    inDoubt: [],
    inReview: [{ id: odd, orderReference: "O-3", amount: 2_000 }],
    callbacks: [{ merchant: house.app.merchant.id, state: "heard" }],
  });
  expect(Date.parse(watch.inReview[0]?.since ?? "")).toBeGreaterThanOrEqual(started);
  expect(JSON.stringify(home)).not.toMatch(/checkoutToken|254700000/);

  const span = `from=${dayAt(started)}&to=${dayAt(Date.now())}`;
  const failures: FailuresView = (await read(`failures?${span}`)).body;
  expect(failuresView.parse(failures)).toEqual(failures);
  expect(failures.total).toMatchObject({
    opened: 5,
    typed: 5,
    prompted: 4,
    paid: 1,
    failed: 2,
    cancelled: 1,
  });
  expect(failures.pages).toMatchObject([{ page: null, opened: 5 }]);
  expect(failures.before.opened).toBe(0);
  const reasons = failures.reasons.map(({ reason, failed, tries, amount }) => [
    reason,
    failed,
    tries,
    amount,
  ]);
  expect(reasons).toContainEqual(["cancelled", 1, 1, 300]);
  expect(reasons).toContainEqual(["merchant_setup", 1, 1, 800]);
  const setUp = failures.reasons.find(({ reason }) => reason === "merchant_setup");
  expect(setUp?.codes).toMatchObject([{ code: "SFC_IC0003", fault: "wrong_receiver", tries: 1 }]);
});

test("every day of a span is there, and the days before are compared", async () => {
  const { body } = await read("failures?from=2026-01-30&to=2026-02-02");
  expect((body as FailuresView).days.map(({ day, opened }) => [day, opened])).toEqual([
    ["2026-01-30", 0],
    ["2026-01-31", 0],
    ["2026-02-01", 0],
    ["2026-02-02", 0],
  ]);
  expect(body).toMatchObject({ from: "2026-01-30", to: "2026-02-02", reasons: [], sources: [] });
});

test.each([
  ["from=2026-02-02", "to"],
  ["from=yesterday&to=2026-02-02", "from"],
  ["from=2026-02-31&to=2026-03-02", "from"],
  ["from=2026-02-03&to=2026-02-02", "to"],
  ["from=2025-11-01&to=2026-02-02", "from"],
  ["from=2026-02-02&from=2026-02-03&to=2026-02-04", "from"],
])("a span that makes no sense is refused by its field: %s", async (query, param) => {
  const { status, body } = await read(`failures?${query}`);
  expect([status, body.error.param]).toEqual([422, param]);
});

test("nobody reads it without signing in", async () => {
  for (const path of ["home", "failures?from=2026-02-02&to=2026-02-02"]) {
    const { status } = await house.call("GET", `/dashboard/api/insight/${path}`, undefined, {
      Authorization: "",
    });
    expect(status).toBe(401);
  }
});
