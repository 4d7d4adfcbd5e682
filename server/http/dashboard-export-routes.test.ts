/** Files of the list over HTTP in the whole house: what they hold, who may, and what is noted of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../shared/api.ts";
import type { Phone } from "../../shared/phone.ts";
import { type Reply, type TestHouse, testHouse } from "../app.test-support.ts";
import { readConfig } from "../config.ts";
import type { UserId } from "../core/payment.ts";
import { sampleAttempt, sampleChange, sampleLine, samplePayment } from "../db/samples.ts";
import { createSeal } from "../db/seal.ts";
import { sha256Hex } from "../tokens.ts";
import { unzipped } from "./zip-reader.test-support.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };
const PHONE = "254711222333" as Phone;

let house: TestHouse;
let headers: Record<string, string>;
beforeAll(async () => {
  house = await testHouse();
  headers = { Origin: house.origin, Authorization: "" };
  const signedIn = await house.call("POST", "/dashboard/api/sign-in", OWNER, headers);
  headers.Cookie = (signedIn.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  await open(100, "UNPROMPTED");
  await prompted(250, "MUG-1");
  await open(5_000, "=1+1");
});
afterAll(() => house[Symbol.asyncDispose]());

const open = (amount: number, orderReference: string, phoneNumber?: string) =>
  house.call("POST", "/v1/payments", { amount, orderReference, phoneNumber });

/** A payment of the house's own, prompted on the phone. */
async function prompted(shillings: number, orderReference: string) {
  const { payments } = house.app.store;
  const { id: merchantId, environment } = house.app.merchant;
  const amountCents = (shillings * 100) as ReturnType<typeof samplePayment>["amountCents"];
  const { body } = await open(1, "TO-TELL-THE-TIME");
  const own = { id: body.id.replace(/.$/, "f"), createdAt: Date.now(), expiresAt: Date.now() };
  const scope = { merchantId, environment, amountCents, orderReference, ...own };
  const payment = samplePayment({ ...scope, status: "failed" });
  await payments.open(payment, sampleLine());
  const seal = createSeal(readConfig(house.env).secret);
  const created = sampleAttempt(payment, PHONE, seal, { state: "failed", reason: "wrong_pin" });
  await payments.apply(sampleChange(payment, { created }), { phone: PHONE });
}

function file(query: string, over: Record<string, string> = {}): Promise<Reply> {
  const path = `${ROUTES.dashboardExport.slice("GET ".length)}?${query}`;
  return house.call("GET", path, undefined, { ...headers, ...over });
}
function numbers(body: object, over: Record<string, string> = {}): Promise<Reply> {
  const path = ROUTES.dashboardExportNumbers.slice("POST ".length);
  return house.call("POST", path, body, { ...headers, ...over });
}
async function noted(limit: number) {
  const { rows } = await house.app.store.audit.list({ limit });
  return rows.map(({ action, details }) => ({ action, ...details }));
}

describe("a file", () => {
  it("holds what the list shows, safe to open, under a name with the day, and is noted", async () => {
    const reply = await file("amountFrom=200&columns=order,amount,status,phone");
    expect(reply.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(reply.headers.get("content-disposition")).toMatch(
      /^attachment; filename="lipia-payments-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(reply.headers.get("cache-control")).toBe("no-store");
    // fetch takes the byte order mark away when it reads text.
    expect(reply.body).toBe(
      "Order,Amount (KES),Status,Phone\r\n'=1+1,5000,open,\r\nMUG-1,250,failed,254*****2333\r\n",
    );
    expect(await noted(1)).toEqual([
      {
        action: "payments_exported",
        format: "csv",
        filter: "amountFrom=200",
        rows: 2,
        extent: "whole",
      },
    ]);
  });

  it("is a workbook where that is asked for", async () => {
    const query = "columns=order,amount,phone&amountFrom=200&format=xlsx";
    const path = `${ROUTES.dashboardExport.slice("GET ".length)}?${query}`;
    const reply = await fetch(`${house.origin}${path}`, { headers });
    expect(reply.headers.get("content-type")).toBe(
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    );
    expect(reply.headers.get("content-disposition")).toMatch(/\.xlsx"$/);
    const parts = unzipped(Buffer.from(await reply.arrayBuffer()));
    const sheet = parts.get("xl/worksheets/sheet1.xml") ?? "";
    const held = [...sheet.matchAll(/<(?:v|t xml:space="preserve")>([^<]*)</g)].map(
      ([, text]) => text,
    );
    expect(held.join(" ")).toBe("Order Amount (KES) Phone =1+1 5000 MUG-1 250 254*****2333");
    expect(await noted(1)).toMatchObject([{ format: "xlsx", rows: 2, extent: "whole" }]);
  });

  it("has the plain columns where none are named", async () => {
    const reply = await file("orderReference=MUG-1&locale=sw");
    expect(reply.body).toMatch(
      /^Ilifunguliwa \(Nairobi\),Kiasi \(KES\),Hali,Oda,Simu,Risiti,Sababu,Alama\r\n/,
    );
  });

  it.each([
    ["columns=order,secret", "columns"],
    ["format=pdf", "format"],
    ["amountFrom=10&amountTo=9", "amountTo"],
  ])("is refused for %s, and nothing is noted", async (query, param) => {
    const before = await house.app.store.audit.head();
    const refused = await file(query);
    expect([refused.status, refused.body.error.param]).toEqual([422, param]);
    expect(await house.app.store.audit.head()).toEqual(before);
  });

  it("is noted without a number that somebody searched for", async () => {
    await file("q=0711+222+333&createdFrom=2026-01-01");
    expect(await noted(1)).toMatchObject([
      { filter: "createdFrom=2026-01-01&q=[number]", rows: 1 },
    ]);
  });

  it("is for signed-in people only", async () => {
    expect((await file("", { Cookie: "" })).status).toBe(401);
  });
});

describe("whole phone numbers", () => {
  it("stand in a file of their own, noted before and after, and nowhere else", async () => {
    await open(300, "NAMED", "0711222333");
    const wish = { columns: "order,phone", amountFrom: "250", amountTo: "300" };
    const reply = await numbers(wish);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(reply.body).toBe("Order,Phone\r\nNAMED,254711222333\r\nMUG-1,254711222333\r\n");
    const facts = { format: "csv", filter: "amountFrom=250&amountTo=300" };
    expect(await noted(2)).toEqual([
      { action: "numbers_exported", ...facts, rows: 2, extent: "whole" },
      { action: "numbers_wanted", ...facts },
    ]);
    expect(house.logged.join()).not.toContain("711222333");
    const audit = await house.app.store.audit.list({ limit: 50 });
    expect(JSON.stringify(audit)).not.toContain("711222333");
  });

  it("are not in a file that has no column for them", async () => {
    const refused = await numbers({ columns: "order" });
    expect([refused.status, refused.body.error.param]).toEqual([422, "columns"]);
  });

  it("are not got by the file without them, whatever is asked of it", async () => {
    const reply = await file("columns=phone&phones=whole&numbers=on");
    expect(reply.body).not.toContain(PHONE);
  });

  it("want a fresh proof of who asks", async () => {
    const { people, audit } = house.app.store;
    const userId = (await people.everybody())[0]?.id as UserId;
    const [secret, createdAt] = ["s".repeat(43), Date.now()];
    const life = { createdAt, expiresAt: createdAt + 60_000 };
    await people.openSession({ idHash: sha256Hex(secret), userId, ...life });
    const before = await audit.head();
    const asked = await numbers({}, { Cookie: `lipia=${secret}` });
    expect([asked.status, asked.body.error.code]).toEqual([403, "step_up_needed"]);
    expect(await audit.head()).toEqual(before);
  });
});
