/** What a signed-in person does with one payment, over HTTP, in the simulator's world. */
import { createHash } from "node:crypto";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DashboardPaymentDetail } from "../../shared/api.ts";
import { nairobiDate } from "../../shared/nairobi.ts";
import type { ActionView } from "../../shared/payment-actions-api.ts";
import { receiptDateLetters } from "../../shared/receipt.ts";
import type { ActionName } from "../../shared/words.ts";
import { eventually, type TestHouse, testHouse } from "../app.test-support.ts";
import { readConfig } from "../config.ts";
import type { PaymentId, UserId } from "../core/payment.ts";
import { createSeal } from "../db/seal.ts";
import { hashPassword } from "../flows/passwords.ts";
import { messageView } from "./messages.ts";

const PASSWORD = "a long enough password";
const REASON = "seen in the M-PESA statement";

let house: TestHouse;
let owner: string;
let rows: Database.Database;
let made = 0;
beforeAll(async () => {
  house = await testHouse();
  rows = new Database((house.env.DATABASE_URL ?? "").slice("file:".length));
  owner = await signIn("owner@shop.co.ke");
});
afterAll(async () => {
  rows.close();
  await house[Symbol.asyncDispose]();
});

async function signIn(email: string): Promise<string> {
  const credentials = { email, password: PASSWORD };
  const reply = await house.call("POST", "/dashboard/api/sign-in", credentials, origin());
  return (reply.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
}
const origin = () => ({ Origin: house.origin, Authorization: "" });

const send = (id: string, action: string, body: unknown = {}, cookie = owner) =>
  house.call("POST", `/dashboard/api/payments/${id}/${action}`, body, {
    ...origin(),
    Cookie: cookie,
  });
const get = (path: string, cookie = owner) =>
  house.call("GET", `/dashboard/api/payments/${path}`, undefined, { ...origin(), Cookie: cookie });
const read = async (id: string, cookie = owner): Promise<DashboardPaymentDetail> =>
  (await get(id, cookie)).body;

function action({ actions }: DashboardPaymentDetail, name: ActionName): ActionView {
  const found = actions.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the page has no action ${name}`);
  return found;
}

/** A receipt of today that no other test uses. */
function receipt(): string {
  const { year, month, day } = nairobiDate(Date.now());
  return `${receiptDateLetters(year, month, day)}T${String(++made).padStart(6, "0")}`;
}

/** A payment prompted on a test phone of its own, whose last digits say what happens. */
async function prompted(scenario: string, until: string): Promise<DashboardPaymentDetail> {
  made += 1;
  const wish = { amount: 1_250, orderReference: `ACT-${made}` };
  const { body: payment } = await house.call("POST", "/v1/payments", wish);
  const phoneNumber = `0700${String(made).padStart(4, "0")}${scenario}`;
  await house.call("POST", `/v1/payments/${payment.id}/prompt`, { phoneNumber });
  return eventually(
    () => read(payment.id),
    (detail) => detail.payment.status === until,
  );
}

/** Nobody waits three minutes in a test: what was sent was sent earlier. */
function age({ payment }: DashboardPaymentDetail): void {
  rows
    .prepare(
      "update attempts set created_at = created_at - 200000, sent_at = sent_at - 200000 where payment_id = ?",
    )
    .run(payment.id);
}

const basis = ({ payment }: DashboardPaymentDetail) => ({
  version: payment.version,
  attemptId: payment.attempts.at(-1)?.id ?? "",
  reason: REASON,
});
const proof = (detail: DashboardPaymentDetail, code = receipt()) => ({
  ...basis(detail),
  receipt: code,
  amount: detail.payment.amount,
});

describe("what the page is told", () => {
  test("each action, and why not and from when", async () => {
    const doubt = await prompted("20", "in_doubt");
    const attemptId = doubt.payment.attempts[0]?.id;
    expect(action(doubt, "confirm")).toEqual({
      name: "confirm",
      kind: "allowed",
      attempts: [attemptId],
    });
    expect(action(doubt, "fail")).toMatchObject({ kind: "refused", because: "too_early" });
    const from = Date.parse((action(doubt, "fail") as { at: string }).at);
    expect(from - Date.parse(doubt.attempts[0]?.sentAt ?? "")).toBe(180_000);
    expect(action(doubt, "ask")).toMatchObject({ because: "no_id" });
    expect(action(doubt, "prompt_other")).toMatchObject({ because: "payment_in_progress" });
    expect(action(doubt, "reverse")).toMatchObject({ because: "not_paid", at: null });
    expect(action(doubt, "note").kind).toBe("allowed");
  });

  test("a viewer is offered nothing, and refused at the door", async () => {
    await house.app.store.people.addUser({
      id: "usr_viewer" as UserId,
      email: "viewer@shop.co.ke",
      passwordHash: await hashPassword(PASSWORD),
      role: "viewer",
      createdAt: Date.now(),
    });
    const viewer = await signIn("viewer@shop.co.ke");
    const doubt = await prompted("20", "in_doubt");
    const seen = await read(doubt.payment.id, viewer);
    for (const each of seen.actions) {
      expect(each).toMatchObject({ kind: "refused", because: "role_too_small" });
    }
    const refused = await send(doubt.payment.id, "confirm", proof(doubt), viewer);
    expect([refused.status, refused.body.error.code]).toEqual([403, "not_allowed"]);
  });
});

describe("confirming by hand", () => {
  test("pays the payment, and says who did it", async () => {
    const doubt = await prompted("20", "in_doubt");
    const code = receipt();
    const done = await send(doubt.payment.id, "confirm", proof(doubt, code.toLowerCase()));
    expect(done.status).toBe(200);
    expect(done.body.payment).toMatchObject({ status: "confirmed", receipt: code });
    expect(done.body.timeline.at(-1)).toMatchObject({
      kind: "operator_confirm",
      detail: { by: "owner@shop.co.ke", receipt: code, amount: 1_250, reason: REASON },
    });
    const { body: known } = await house.call("GET", `/v1/payments/${doubt.payment.id}`);
    expect(known).toMatchObject({ status: "confirmed", receipt: code });
  });

  test("wants a fresh proof of who it is, and moves nothing without it", async () => {
    const doubt = await prompted("20", "in_doubt");
    const stolen = await signIn("owner@shop.co.ke");
    rows.prepare("update sessions set proved_at = proved_at - 360000").run();
    for (const [what, body] of [
      ["confirm", proof(doubt)],
      ["fail", basis(doubt)],
      ["reverse", proof(doubt)],
    ] as const) {
      const refused = await send(doubt.payment.id, what, body, stolen);
      expect([refused.status, refused.body.error.code]).toEqual([403, "step_up_needed"]);
    }
    expect((await read(doubt.payment.id)).payment).toEqual(doubt.payment);
    owner = await signIn("owner@shop.co.ke");
    const done = await send(doubt.payment.id, "confirm", proof(doubt));
    expect(done.status).toBe(200);
  });

  test.each([
    ["receipt", { receipt: "TOO SHORT" }],
    ["receipt", { receipt: undefined }],
    ["reason", { reason: "because" }],
    ["reason", { reason: "He paid from 0712 345 678, I saw it" }],
    ["amount", { amount: 12.5 }],
    ["attemptId", { attemptId: "att_1" }],
    ["version", { version: 0 }],
    ["colour", { colour: "red" }],
  ])("names %s when it is wrong: %j", async (param, patch) => {
    const doubt = await prompted("20", "in_doubt");
    const refused = await send(doubt.payment.id, "confirm", { ...proof(doubt), ...patch });
    expect([refused.status, refused.body.error.param]).toEqual([422, param]);
  });

  test("a receipt of another payment is refused, which is named", async () => {
    const [first, second] = [await prompted("20", "in_doubt"), await prompted("20", "in_doubt")];
    const code = receipt();
    await send(first.payment.id, "confirm", proof(first, code));
    const refused = await send(second.payment.id, "confirm", proof(second, code));
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({
      code: "receipt_used",
      param: "receipt",
      paymentId: first.payment.id,
    });
  });

  test("a receipt of another day wants a second look", async () => {
    const doubt = await prompted("20", "in_doubt");
    const odd = proof(doubt, `AA1T${String(++made).padStart(6, "0")}`);
    const refused = await send(doubt.payment.id, "confirm", odd);
    expect(refused.body.error).toMatchObject({ code: "receipt_other_day", param: "receipt" });
    const done = await send(doubt.payment.id, "confirm", { ...odd, otherDay: "accepted" });
    expect(done.body.payment.status).toBe("confirmed");
  });

  test("a page that is behind is told, and of two people one moves it", async () => {
    const doubt = await prompted("20", "in_doubt");
    const replies = await Promise.all([
      send(doubt.payment.id, "confirm", proof(doubt)),
      send(doubt.payment.id, "confirm", proof(doubt)),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.error.code).toBe("stale");
  });
});

describe("failing by hand", () => {
  test("not while the prompt may be open, and says when to come back", async () => {
    const doubt = await prompted("20", "in_doubt");
    const early = await send(doubt.payment.id, "fail", basis(doubt));
    expect([early.status, early.body.error.code]).toEqual([409, "too_early"]);
    expect(Number(early.headers.get("Retry-After"))).toBeGreaterThan(100);
    age(doubt);
    const done = await send(doubt.payment.id, "fail", basis(doubt));
    expect(done.body.payment).toMatchObject({
      status: "failed",
      attempts: [{ state: "failed", reason: "operator" }],
    });
  });
});

describe("marking as reversed", () => {
  test("money given back, by the reversal's own receipt, and not more than came in", async () => {
    const paid = await prompted("01", "confirmed");
    const more = await send(paid.payment.id, "reverse", { ...proof(paid), amount: 1_251 });
    expect(more.body.error).toMatchObject({ code: "more_than_received", param: "amount" });
    const own = await send(paid.payment.id, "reverse", {
      ...proof(paid, paid.payment.receipt ?? ""),
    });
    expect(own.body.error.code).toBe("receipt_used");
    const done = await send(paid.payment.id, "reverse", proof(paid));
    expect(done.body.payment.status).toBe("reversed");
    expect(done.body.attempts[0]).toMatchObject({ received: 1_250, reversed: 1_250 });
  });
});

describe("asking and prompting", () => {
  test("asks M-Pesa now, once in ten seconds", async () => {
    const waiting = await prompted("00", "pending");
    const early = await send(waiting.payment.id, "ask");
    expect([early.status, early.body.error.code]).toEqual([409, "asked_just_now"]);
    age(waiting);
    const asked = await send(waiting.payment.id, "ask");
    expect(asked.body.asked).toBe("asked");
    expect(asked.body.detail.attempts[0].looks).toBeGreaterThan(0);
    const again = await send(waiting.payment.id, "ask");
    expect([again.status, again.body.error.code]).toEqual([409, "asked_just_now"]);
  });

  test("prompts the same phone again, and another one, with who asked", async () => {
    const failed = await prompted("04", "failed");
    const same = await send(failed.payment.id, "prompt");
    expect(same.status).toBe(200);
    expect(same.body.payment.attempts).toHaveLength(2);
    expect(same.body.payment.attempts[1].phoneNumber).toBe(failed.payment.attempts[0]?.phoneNumber);
    await eventually(
      () => read(failed.payment.id),
      ({ payment }) => payment.status === "failed",
    );
    const other = { phoneNumber: `0700 ${String(9_000 + ++made).slice(-4)} 01` };
    const third = await send(failed.payment.id, "prompt", other);
    expect(third.body.payment.attempts).toHaveLength(3);
    const lines = third.body.timeline.filter((line: { kind: string }) => line.kind === "prompt");
    expect(lines.map((line: { detail: { by?: string } }) => line.detail.by)).toEqual([
      undefined,
      "owner@shop.co.ke",
      "owner@shop.co.ke",
    ]);
    const { rows: audited } = await house.app.store.audit.list({ limit: 1 });
    expect(audited).toMatchObject([{ action: "payment_prompted", target: failed.payment.id }]);
    await eventually(
      () => read(failed.payment.id),
      ({ payment }) => payment.status === "confirmed",
    );
    const paid = await send(failed.payment.id, "prompt");
    expect([paid.status, paid.body.error.code]).toEqual([409, "order_already_paid"]);
  });

  test("names the number when it is none", async () => {
    const failed = await prompted("04", "failed");
    const refused = await send(failed.payment.id, "prompt", { phoneNumber: "12" });
    expect([refused.status, refused.body.error.param]).toEqual([422, "phoneNumber"]);
  });
});

describe("notes, messages and the evidence file", () => {
  test("a note is told with its author, and is not readable in the database", async () => {
    const doubt = await prompted("20", "in_doubt");
    const text = "She called from 0712 345 678 and sent the SMS.";
    const done = await send(doubt.payment.id, "notes", { text: `  ${text} ` });
    expect(done.body.notes).toMatchObject([{ author: "owner@shop.co.ke", text }]);
    expect(done.body.payment.version).toBe(doubt.payment.version);
    expect(JSON.stringify(rows.prepare("select * from notes").all())).not.toContain("345 678");
    const empty = await send(doubt.payment.id, "notes", { text: " " });
    expect([empty.status, empty.body.error.param]).toEqual([422, "text"]);
  });

  test("messages come without numbers, with a fingerprint of what came", async () => {
    const paid = await prompted("01", "confirmed");
    const { messages } = (await get(`${paid.payment.id}/messages`)).body;
    expect(messages).toHaveLength(1);
    const { story } = house.app.store;
    const [kept] = await story.callbacks(paid.payment.id as PaymentId);
    const raw = kept?.body ?? "";
    expect(messages[0]).toMatchObject({
      id: kept?.id,
      attemptId: paid.payment.attempts[0]?.id,
      fingerprint: expect.stringMatching(/^[\w-]{22}$/),
      bytes: Buffer.byteLength(raw),
      length: "whole",
    });
    expect(messages[0].text).toContain(paid.payment.receipt);
    expect(messages[0].text).toMatch(/"TransactionDate",\s+"Value": 20\d{12}/);
    expect(raw).toMatch(/2547\d{8}/);
    expect(messages[0].text).not.toMatch(/2547\d{8}/);
    const again = (await get(`${paid.payment.id}/messages`)).body;
    expect(again.messages[0].fingerprint).toBe(messages[0].fingerprint);
  });

  test("no fingerprint gives a number back to whoever tries them all", async () => {
    const paid = await prompted("01", "confirmed");
    const { story } = house.app.store;
    const id = paid.payment.id as PaymentId;
    const [callback] = await story.callbacks(id);
    if (callback === undefined) throw new Error("the callback is missing");
    const calls = await story.calls(id);
    const kept = [callback.body, ...calls.flatMap((call) => [call.sent, call.answer ?? ""])];
    const plain = kept.flatMap((body) =>
      (["hex", "base64", "base64url"] as const).map((spelling) =>
        createHash("sha256").update(body).digest(spelling),
      ),
    );
    const told = (await get(`${id}/messages`)).body;
    const file = (await get(`${id}/evidence`)).body;
    for (const shown of [told, file].map((body) => JSON.stringify(body))) {
      expect(plain.filter((hash) => shown.includes(hash))).toEqual([]);
    }
    expect(file.messages).toEqual(told.messages);
    // A callback of one's own making, with the right number in it, has another fingerprint.
    const seal = createSeal(readConfig(house.env).secret);
    const copied = messageView(seal, { ...callback, id: "cb_of_somebody" }).fingerprint;
    expect(messageView(seal, callback).fingerprint).toBe(told.messages[0].fingerprint);
    expect(copied).not.toBe(told.messages[0].fingerprint);
  });

  test("one file tells all, names nobody's number, and its hash is in the audit log", async () => {
    const paid = await prompted("01", "confirmed");
    await send(paid.payment.id, "notes", { text: "Phone 0712 345 678 called." });
    const response = await fetch(
      `${house.origin}/dashboard/api/payments/${paid.payment.id}/evidence`,
      { headers: { Cookie: owner } },
    );
    expect(response.headers.get("Content-Disposition")).toMatch(
      /^attachment; filename="lipia-evidence-ACT-\d+-v\d+\.json"$/,
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    const file = JSON.parse(bytes.toString());
    expect(file).toMatchObject({
      format: "lipia-evidence-2",
      madeBy: "owner@shop.co.ke",
      payment: { id: paid.payment.id, receipt: paid.payment.receipt },
      evidence: [{ evidenceClass: "E1", success: true, amount: 1_250 }],
      notes: [{ text: "Phone [number] called." }],
    });
    expect(file.timeline).toEqual(paid.timeline);
    expect(file.messages[0].fingerprint).toMatch(/^[\w-]{22}$/);
    expect(file.readMe).toContain("keyed hash");
    expect(bytes.toString()).not.toMatch(/(254|0)7\d{8}|345 678|checkoutToken/);
    const { rows: audited } = await house.app.store.audit.list({ limit: 1 });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(audited).toMatchObject([{ action: "evidence_taken", details: { sha256 } }]);
  });
});
