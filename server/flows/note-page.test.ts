/** The page that a payment came from is kept once, as an origin, within bounds (issue: failures by page). */
import { afterEach, beforeEach, expect, test } from "vitest";
import { FAILURE_DAYS_MAX } from "../../shared/insight-api.ts";
import type { PaymentId } from "../core/payment.ts";
import { type FlowHouse, flowHouse } from "../flow-house.test-support.ts";
import { advance } from "./advance.ts";
import { notePage, PAGES_MAX } from "./note-page.ts";

let house: FlowHouse;
beforeEach(async () => {
  house = await flowHouse();
});
afterEach(() => house[Symbol.asyncDispose]());

const note = async (id: PaymentId, referer: string | undefined) => {
  const deps = { ...house.deps, insight: house.store.insight };
  return (await notePage(deps, await house.read(id), referer)).payment.page;
};

test.each([
  ["https://shop.co.ke/basket?customer=Wanjiru#pay", "https://shop.co.ke"],
  ["http://localhost:8080/", "http://localhost:8080"],
  ["https://wanjiru:secret@shop.co.ke/", "https://shop.co.ke"],
  [`https://${"a".repeat(60)}.${"b".repeat(60)}.ke/`, "other"],
  ["android-app://com.whatsapp/", null],
  ["about:blank", null],
  ["javascript:alert(1)", null],
  ["not an address", null],
  ["", null],
  [undefined, null],
])("of %s is kept %s", async (referer, page) => {
  const { id } = await house.open();
  expect(await note(id, referer)).toBe(page);
  expect((await house.read(id)).payment.page).toBe(page);
  const told = (await house.store.payments.timeline(id)).filter(
    ({ kind }) => kind === "checkout_shown",
  );
  expect(told.map(({ detail }) => detail)).toEqual(page === null ? [] : [{ page }]);
  expect(JSON.stringify(house.logged)).not.toMatch(/Wanjiru|wanjiru/);
});

test("the first page stays, also where two opened it at once, and nothing else moves", async () => {
  const { id } = await house.open();
  const before = (await house.read(id)).payment;
  await Promise.all([note(id, "https://a.ke/"), note(id, "https://b.ke/")]);
  expect(await note(id, "https://c.ke/")).toBe("https://a.ke");
  const version = before.version + 1;
  expect((await house.read(id)).payment).toEqual({ ...before, page: "https://a.ke", version });
});

test("who looks at a payment that is over did not bring it", async () => {
  const { id } = await house.open();
  await advance(house.deps, id, { type: "cancel" });
  expect(await note(id, "https://shop.co.ke/")).toBeNull();
});

test("only so many names are kept; those known stay, and old ones make room", async () => {
  for (let n = 0; n < PAGES_MAX; n += 1) {
    const { id } = await house.open();
    expect(await note(id, `https://shop${n}.ke/`)).toBe(`https://shop${n}.ke`);
  }
  const late = await house.open();
  expect(await note(late.id, "https://one-more.ke/")).toBe("other");
  const known = await house.open();
  expect(await note(known.id, "https://shop7.ke/")).toBe("https://shop7.ke");
  house.clock.pass((FAILURE_DAYS_MAX + 1) * 86_400_000);
  const next = await house.open();
  expect(await note(next.id, "https://one-more.ke/")).toBe("https://one-more.ke");
});
