/** The list over HTTP in the whole house: what each parameter means, and totals. */
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { ROUTES } from "../../shared/api.ts";
import { type Reply, type TestHouse, testHouse } from "../app.test-support.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };

let house: TestHouse;
let cookie = "";
beforeAll(async () => {
  house = await testHouse();
  const headers = { Origin: house.origin, Authorization: "" };
  const signedIn = await house.call("POST", "/dashboard/api/sign-in", OWNER, headers);
  cookie = (signedIn.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  for (const [n, amount] of [100, 250, 250, 1_000, 5_000].entries()) {
    const orderReference = n === 3 ? "=1+1" : `ORDER-${n}`;
    const opened = await house.call("POST", "/v1/payments", { amount, orderReference });
    expect(opened.status).toBe(201);
    if (n === 4) await house.call("POST", `/v1/payments/${opened.body.id}/cancel`, {});
  }
});
afterAll(() => house[Symbol.asyncDispose]());

function get(route: string, query = "", headers: Record<string, string> = { Cookie: cookie }) {
  const path = `${route.slice("GET ".length)}?${query}`;
  return house.call("GET", path, undefined, { Authorization: "", ...headers });
}
const list = (query: string) => get(ROUTES.dashboardPayments, query);
const totals = (query: string) => get(ROUTES.dashboardTotals, query);
const orders = ({ body }: Reply) =>
  body.data.map(({ orderReference }: { orderReference: string }) => orderReference);

describe("the filters", () => {
  it.each([
    ["status=open", ["=1+1", "ORDER-2", "ORDER-1", "ORDER-0"]],
    ["status=cancelled", ["ORDER-4"]],
    ["status=open,cancelled&amountFrom=1000", ["ORDER-4", "=1+1"]],
    ["amountFrom=250&amountTo=250", ["ORDER-2", "ORDER-1"]],
    ["amountTo=250", ["ORDER-2", "ORDER-1", "ORDER-0"]],
    ["orderReference=ORDER-2", ["ORDER-2"]],
    ["reason=wrong_pin,limit", []],
    ["flag=late", []],
    ["phoneTail=78", []],
    ["receipt=uc1abc2def", []],
    ["createdTo=2020-01-01", []],
    ["createdFrom=2020-01-01&createdTo=2100-01-01T00:00:00Z&amountTo=100", ["ORDER-0"]],
    ["q=ORDER-&amountFrom=250&limit=2", ["ORDER-4", "ORDER-2"]],
    ["page=none&source=server,link&amountTo=100", ["ORDER-0"]],
    ["page=https://shop.co.ke", []],
    ["page=other", []],
    ["source=customer", []],
    ["step=opened&status=cancelled", ["ORDER-4"]],
    ["step=typed,prompted", []],
    ["code=1032", []],
    ["code=none", []],
    ["status=&q=", ["ORDER-4", "=1+1", "ORDER-2", "ORDER-1", "ORDER-0"]],
  ])("%s", async (query, wanted) => {
    const page = await list(query);
    expect(page.status).toBe(200);
    expect(orders(page)).toEqual(wanted);
    const whole = query.replace("&limit=2", "");
    if (whole === query) {
      expect((await totals(query)).body).toEqual({
        kind: "exact",
        count: wanted.length,
        confirmed: 0,
      });
    }
  });

  it.each([
    ["status=paid", "status"],
    ["status=open,paid", "status"],
    ["status=open&status=failed", "status"],
    ["reason=bad_luck", "reason"],
    ["flag=odd", "flag"],
    ["amountFrom=1.5", "amountFrom"],
    ["amountFrom=-1", "amountFrom"],
    ["amountTo=1000000", "amountTo"],
    ["amountFrom=10&amountTo=9", "amountTo"],
    ["createdFrom=yesterday", "createdFrom"],
    ["createdFrom=2026-02-30", "createdFrom"],
    ["createdFrom=2026-03-02&createdTo=2026-03-01", "createdTo"],
    ["phoneTail=0712345678", "phoneTail"],
    ["phoneTail=7", "phoneTail"],
    ["receipt=SHORT", "receipt"],
    ["page=shop.co.ke", "page"],
    ["page=https://shop.co.ke/cart", "page"],
    [`page=https://${"a".repeat(100)}`, "page"],
    ["source=nobody", "source"],
    ["hour=24", "hour"],
    ["hour=-1", "hour"],
    ["step=paid", "step"],
    ["code=", "code"],
  ])("refuse %s and name the field", async (query, param) => {
    for (const route of [
      ROUTES.dashboardPayments,
      ROUTES.dashboardTotals,
      ROUTES.dashboardExport,
    ]) {
      const refused = await get(route, query);
      expect([refused.status, refused.body.error.param]).toEqual([422, param]);
    }
  });
});

test("the hour is Nairobi's, whatever day it is", async () => {
  const shown = await list("orderReference=ORDER-0");
  const hour = (Number(shown.body.data[0].createdAt.slice(11, 13)) + 3) % 24;
  expect(orders(await list(`hour=${hour}&amountTo=100`))).toEqual(["ORDER-0"]);
  expect(orders(await list(`hour=${(hour + 2) % 24}&amountTo=100`))).toEqual([]);
});

test("the totals are for signed-in people only", async () => {
  expect((await get(ROUTES.dashboardTotals, "", {})).status).toBe(401);
});

test("a search that no address may hold is asked in a body, and means the same", async () => {
  const ask = (route: string, body: object) =>
    house.call("POST", route.slice("POST ".length), body, {
      Authorization: "",
      Origin: house.origin,
      Cookie: cookie,
    });
  const phoneNumber = "0712345678";
  const opened = await house.call("POST", "/v1/payments", {
    amount: 77,
    orderReference: "BY-PHONE",
    phoneNumber,
  });
  expect(opened.status).toBe(201);
  const wish = { q: phoneNumber, amountTo: "100", limit: "10" };
  const byAddress = await list(new URLSearchParams(wish).toString());
  const byBody = await ask(ROUTES.dashboardSearch, wish);
  expect([byBody.status, byBody.body]).toEqual([200, byAddress.body]);
  expect(orders(await ask(ROUTES.dashboardSearch, { q: "ORDER-2" }))).toEqual(["ORDER-2"]);
  const { q } = wish;
  const counted = await ask(ROUTES.dashboardSearchTotals, { q });
  expect(counted.body).toEqual((await totals(`q=${q}`)).body);
  const file = await ask(ROUTES.dashboardSearchExport, { q: "ORDER-2", columns: "order,amount" });
  expect(file.body).toBe("Order,Amount (KES)\r\nORDER-2,250\r\n");
  for (const route of [ROUTES.dashboardSearch, ROUTES.dashboardSearchTotals]) {
    const refused = await ask(route, { hour: "24" });
    expect([refused.status, refused.body.error.param]).toEqual([422, "hour"]);
  }
  expect(house.logged.filter((line) => line.includes("712345678"))).toEqual([]);
});
