/** Saved views over HTTP in the whole house: what may be kept, and what is refused with its field. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VIEWS_MAX } from "../../shared/view-limits.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };

let house: TestHouse;
let headers: Record<string, string> = {};
beforeAll(async () => {
  house = await testHouse();
  headers = { Origin: house.origin, Authorization: "" };
  const signedIn = await house.call("POST", "/dashboard/api/sign-in", OWNER, headers);
  const cookie = (signedIn.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  headers = { ...headers, Cookie: cookie };
});
afterAll(() => house[Symbol.asyncDispose]());

const list = () => house.call("GET", "/dashboard/api/views", undefined, headers);
const save = (body: object) => house.call("POST", "/dashboard/api/views", body, headers);
const drop = (id: string) => house.call("POST", `/dashboard/api/views/${id}/delete`, {}, headers);

describe("a view", () => {
  it("is kept as it was typed, replaced by its name in any case, and deleted", async () => {
    const query = "status=expired,failed&amountFrom=1000&q=ORDER-1";
    const saved = await save({ name: "  Lost SALES ", query });
    expect(saved.body.views).toEqual([{ id: expect.any(String), name: "Lost SALES", query }]);
    const anew = await save({ name: "lost sales", query: "phoneTail=5678" });
    const [{ id }] = saved.body.views;
    const views = [{ id, name: "lost sales", query: "phoneTail=5678" }];
    expect(anew.body).toEqual({ views });
    expect((await list()).body).toEqual({ views });
    expect((await drop(id)).body).toEqual({ views: [] });
    const again = await drop(id);
    expect([again.status, again.body.error.code]).toEqual([404, "view_not_found"]);
    const { rows } = await house.app.store.audit.list({ limit: 3 });
    expect(rows.map(({ action, details }) => [action, details.name])).toEqual([
      ["view_deleted", "lost sales"],
      ["view_saved", "lost sales"],
      ["view_saved", "Lost SALES"],
    ]);
  });

  it("is noted without a number that stands in its name", async () => {
    await save({ name: "Of 0712 345 678", query: "status=open" });
    const { rows } = await house.app.store.audit.list({ limit: 1 });
    expect(rows[0]?.details).toEqual({ name: "Of [number]" });
    expect((await drop((await list()).body.views[0].id)).status).toBe(200);
  });

  it.each([
    ["status=paid"],
    ["columns=order"],
    ["startingAfter=pay_1"],
    ["status=open&status=failed"],
    ["amountFrom=10&amountTo=9"],
    ["phoneTail=0712345678"],
    ["q=0712345678"],
    ["q=%2B254+712+345-678"],
    ["q=712345678"],
    ["q=ORDER+0712345678"],
    ["orderReference=0712+345+678"],
    ["code=254712345678"],
    ["page=https%3A%2F%2F0712345678"],
    [""],
    ["q="],
    ["https://elsewhere.example/"],
    [`q=${"a".repeat(64)}&orderReference=${"%F0%9F%A5%AD".repeat(40)}`],
  ])("is refused when its query is %s", async (query) => {
    const refused = await save({ name: "Rubbish", query });
    expect([refused.status, refused.body.error.param]).toEqual([422, "query"]);
    expect((await list()).body.views).toEqual([]);
  });

  it.each([[" "], ["n".repeat(61)], [7]])("is refused under the name %j", async (name) => {
    const refused = await save({ name, query: "status=open" });
    expect([refused.status, refused.body.error.param]).toEqual([422, "name"]);
  });

  it(`is refused after ${VIEWS_MAX}, until one is deleted`, async () => {
    for (let n = 0; n < VIEWS_MAX; n++) {
      expect((await save({ name: `View ${n}`, query: "status=open" })).status).toBe(200);
    }
    const full = await save({ name: "One more", query: "status=open" });
    expect([full.status, full.body.error.code]).toEqual([409, "views_full"]);
    expect((await drop((await list()).body.views[0].id)).status).toBe(200);
    expect((await save({ name: "One more", query: "status=open" })).status).toBe(200);
  });
});
