/** What every store must do, whatever database is behind it: the same suite on both engines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import type { Phone } from "../../shared/phone.ts";
import type { Attempt, AttemptId, MerchantId, Payment, PaymentId } from "../core/payment.ts";
import type { AuditEntry, IdempotencyClaim, ListFilter, Merchant, Store, User } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import {
  merchantId,
  sampleAttempt,
  sampleChange,
  sampleEvidence,
  sampleInbox,
  sampleLine,
  samplePayment,
  samplePhone,
  sampleReceipt,
  unique,
} from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));
const DAY_MS = 86_400_000;

describe.each(["sqlite", "postgres"] as const)("the store on %s", (dialect) => {
  let folder: string;
  let engine: Engine;
  let store: Store;

  const open = () =>
    dialect === "sqlite"
      ? openSqlite(join(folder, "made", "on", "the", "way", "lipia.db"))
      : pgliteConnection(join(folder, "pg")).then(openPostgres);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-store-"));
    engine = await open();
    store = createStore(engine, seal);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a payment and starts an attempt on it; gives both as they now are. */
  async function prompted(
    over: Partial<Payment> = {},
    state: Partial<Attempt> = {},
    phone: Phone = samplePhone(),
  ): Promise<{ payment: Payment; attempt: Attempt; phone: Phone }> {
    const opened = samplePayment(over);
    expect(await store.payments.open(opened, sampleLine())).toEqual({ ok: true });
    const attempt = sampleAttempt(opened, phone, seal, state);
    const change = sampleChange(opened, { created: attempt });
    expect(await store.payments.apply(change, { phone })).toEqual({ ok: true });
    return { payment: change.payment, attempt, phone };
  }

  async function move(
    payment: Payment,
    attempt: Attempt,
    next: Partial<Attempt>,
    nextPayment: Partial<Payment> = {},
  ) {
    const change = sampleChange(
      { ...payment, ...nextPayment },
      { attempts: [{ ...attempt, ...next }] },
    );
    return { result: await store.payments.apply(change), change };
  }

  describe("payments", () => {
    it("gives back what was opened, with attempts oldest first, to the last field", async () => {
      const payment = samplePayment({
        metadata: { ключ: "значение", quote: "\"'" },
        description: null,
        successUrl: "https://shop.example.co.ke/thanks",
        retryAt: 1_795_000_000_000,
        createdAt: 1_795_000_000_000,
        amountCents: cents(25_000_000),
      });
      const opened = await store.payments.open(payment, sampleLine());
      expect(opened).toEqual({ ok: true });
      const phone = samplePhone();
      const first = sampleAttempt(payment, phone, seal, { createdAt: 5, state: "failed" });
      const second = sampleAttempt(payment, phone, seal, {
        createdAt: 9,
        state: "pending",
        checkoutRequestId: "ws_CO_191220191020363925",
        receivedCents: cents(100),
        successSeen: true,
        flags: ["late", "receiptWanted"],
        wakeAt: 8_795_000_000_000,
      });
      const one = sampleChange(payment, { created: first });
      expect(await store.payments.apply(one, { phone })).toEqual({ ok: true });
      const two = sampleChange(one.payment, { created: second });
      expect(await store.payments.apply(two, { phone })).toEqual({ ok: true });
      expect(await store.payments.load(payment.id)).toEqual({
        payment: two.payment,
        attempts: [first, second],
      });
      expect(await store.payments.paymentOfAttempt(second.id)).toBe(payment.id);
      expect(await store.payments.phoneOf(second.id)).toBe(phone);
    });

    it("knows nothing of strangers", async () => {
      expect(await store.payments.load("pay_none" as PaymentId)).toBeNull();
      expect(await store.payments.paymentOfAttempt("none" as AttemptId)).toBeNull();
      expect(await store.payments.phoneOf("none" as AttemptId)).toBeNull();
    });

    it("lets one of two equal decisions pass and tells the other its version is old", async () => {
      const { payment, attempt } = await prompted();
      const change = sampleChange(payment, {
        attempts: [{ ...attempt, state: "sending" }],
        timeline: [sampleLine({ kind: "fence" })],
      });
      const results = await Promise.all([
        store.payments.apply(change),
        store.payments.apply(change),
      ]);
      expect(results).toContainEqual({ ok: true });
      expect(results).toContainEqual({ ok: false, missed: "version" });
      const lines = await store.payments.timeline(payment.id);
      expect(lines.map((line) => line.kind)).toEqual(["opened", "fence"]);
    });

    it("numbers a timeline without gaps and keeps its order", async () => {
      const { payment, attempt } = await prompted();
      const first = sampleLine({ kind: "prompt", attemptId: attempt.id, to: "created", at: 3 });
      const second = sampleLine({
        kind: "fence",
        detail: { code: "0", amount: 5, held: false, x: null },
        at: 2,
      });
      await store.payments.apply(sampleChange(payment, { timeline: [first, second] }));
      const lines = await store.payments.timeline(payment.id);
      expect(lines.map(({ id: _, ...line }) => line).slice(1)).toEqual([first, second]);
      expect(lines.map((line) => line.id)).toEqual([1, 2, 3].map((n) => `${payment.id}.${n}`));
    });

    it("keeps every piece of evidence beside its attempt", async () => {
      const { payment, attempt } = await prompted();
      const same = sampleEvidence(attempt);
      await store.payments.apply(sampleChange(payment, { evidence: [same, same] }));
      const rows = await engine.db.select().from(engine.t.evidence);
      expect(rows.filter((row) => row.attemptId === attempt.id)).toMatchObject([
        {
          seq: 1,
          evidenceClass: "E1",
          success: 1,
          detail: { code: "0" },
          environment: "simulator",
        },
        { seq: 2 },
      ]);
    });

    it("never changes amount, order, merchant or phone of an attempt (I6)", async () => {
      const { payment, attempt, phone } = await prompted();
      const forged = {
        amountCents: cents(1),
        orderReference: "OTHER",
        phoneHash: "forged",
        phoneTail: "0000",
        createdAt: 1,
      };
      expect((await move(payment, attempt, { ...forged, state: "sending" })).result.ok).toBe(true);
      const loaded = await store.payments.load(payment.id);
      expect(loaded?.attempts).toEqual([{ ...attempt, state: "sending" }]);
      expect(await store.payments.phoneOf(attempt.id)).toBe(phone);
    });

    it("refuses a new attempt that comes without its phone, and writes nothing", async () => {
      const payment = samplePayment();
      await store.payments.open(payment, sampleLine());
      const created = sampleAttempt(payment, samplePhone(), seal);
      await expect(store.payments.apply(sampleChange(payment, { created }))).rejects.toThrow(
        /phone/,
      );
      expect((await store.payments.load(payment.id))?.payment.version).toBe(1);
    });
  });

  describe("the order's claim", () => {
    const missedOrder = { ok: false, missed: "order" };

    it("lets one of two payments of an order be opened", async () => {
      const [one, two] = [samplePayment(), samplePayment()];
      const rival = { ...two, orderReference: one.orderReference };
      const results = await Promise.all([
        store.payments.open(one, sampleLine()),
        store.payments.open(rival, sampleLine()),
      ]);
      expect(results).toContainEqual({ ok: true });
      expect(results).toContainEqual(missedOrder);
    });

    it("is one per merchant and environment", async () => {
      const orderReference = `SHARED-${unique()}`;
      const mine = samplePayment({ orderReference });
      const theirs = samplePayment({ orderReference, merchantId: merchantId() });
      const tested = samplePayment({ orderReference, environment: "sandbox" });
      for (const payment of [mine, theirs, tested]) {
        expect(await store.payments.open(payment, sampleLine())).toEqual({ ok: true });
      }
    });

    it.each([
      ["closing", { closing: "cancelled", status: "cancelled" }],
      ["a reversal", { status: "reversed" }],
    ] as const)("ends with %s", async (_, next) => {
      const payment = samplePayment();
      await store.payments.open(payment, sampleLine());
      const rival = samplePayment({ orderReference: payment.orderReference });
      expect(await store.payments.open(rival, sampleLine())).toEqual(missedOrder);
      await store.payments.apply(sampleChange({ ...payment, ...next }));
      expect(await store.payments.open(rival, sampleLine())).toEqual({ ok: true });
    });

    it("stays with a payment whose attempt failed, and with one that is paid", async () => {
      for (const status of ["failed", "confirmed"] as const) {
        const payment = samplePayment();
        await store.payments.open(payment, sampleLine());
        await store.payments.apply(sampleChange({ ...payment, status }));
        const rival = samplePayment({ orderReference: payment.orderReference });
        expect(await store.payments.open(rival, sampleLine())).toEqual(missedOrder);
      }
    });

    it("comes back with late money while nobody took it", async () => {
      const payment = samplePayment();
      await store.payments.open(payment, sampleLine());
      const closed = sampleChange({ ...payment, closing: "expired", status: "expired" });
      await store.payments.apply(closed);
      await store.payments.apply(sampleChange({ ...closed.payment, status: "confirmed" }));
      const rival = samplePayment({ orderReference: payment.orderReference });
      expect(await store.payments.open(rival, sampleLine())).toEqual(missedOrder);
    });

    it("is not taken back from a rival: both payments are stored", async () => {
      const payment = samplePayment();
      await store.payments.open(payment, sampleLine());
      const closed = sampleChange({ ...payment, closing: "expired", status: "expired" });
      await store.payments.apply(closed);
      const rival = samplePayment({ orderReference: payment.orderReference });
      await store.payments.open(rival, sampleLine());
      const late = sampleChange({ ...closed.payment, status: "confirmed" });
      expect(await store.payments.apply(late)).toEqual({ ok: true });
      const again = samplePayment({ orderReference: payment.orderReference });
      expect(await store.payments.open(again, sampleLine())).toEqual(missedOrder);
      const order = await store.payments.byOrder(
        payment.merchantId,
        "simulator",
        payment.orderReference,
      );
      expect(order.map((each) => each.payment.id)).toEqual([rival.id, payment.id]);
    });

    it("is read by any of its payments, and by none of another merchant's or environment's", async () => {
      const { payment } = await prompted();
      const { orderReference } = payment;
      const closed = sampleChange({ ...payment, closing: "cancelled", status: "cancelled" });
      expect(await store.payments.apply(closed)).toEqual({ ok: true });
      const rival = samplePayment({ orderReference });
      expect(await store.payments.open(rival, sampleLine())).toEqual({ ok: true });
      const elsewhere = samplePayment({ orderReference, merchantId: merchantId() as MerchantId });
      await store.payments.open(elsewhere, sampleLine());
      const live = samplePayment({ orderReference, environment: "production" });
      await store.payments.open(live, sampleLine());
      const byOrder = await store.payments.byOrder(payment.merchantId, "simulator", orderReference);
      expect(byOrder.map((each) => each.attempts.length)).toEqual([0, 1]);
      expect(await store.payments.orderOf(payment.id)).toEqual(byOrder);
      expect(await store.payments.orderOf(rival.id)).toEqual(byOrder);
      for (const other of [elsewhere, live]) {
        expect(await store.payments.orderOf(other.id)).toEqual([{ payment: other, attempts: [] }]);
      }
      expect(await store.payments.orderOf(samplePayment().id)).toEqual([]);
    });
  });

  describe("attempts of one order", () => {
    it.each(["created", "sending", "pending", "in_doubt", "review", "confirmed"] as const)(
      "are refused beside one that is %s, also of an earlier payment",
      async (state) => {
        const { payment } = await prompted({}, { state });
        const phone = samplePhone();
        const second = sampleAttempt(payment, phone, seal);
        const beside = sampleChange(payment, { created: second });
        const missed = { ok: false, missed: "order" };
        expect(await store.payments.apply(beside, { phone })).toEqual(missed);

        const closed = sampleChange({ ...payment, closing: "cancelled", status: "cancelled" });
        await store.payments.apply(closed);
        const next = samplePayment({ orderReference: payment.orderReference });
        await store.payments.open(next, sampleLine());
        const other = sampleAttempt(next, phone, seal);
        const elsewhere = sampleChange(next, { created: other });
        expect(await store.payments.apply(elsewhere, { phone })).toEqual(missed);
      },
    );

    it.each(["failed", "reversed"] as const)("are allowed after one that is %s", async (state) => {
      const { payment } = await prompted({}, { state });
      const phone = samplePhone();
      const change = sampleChange(payment, { created: sampleAttempt(payment, phone, seal) });
      expect(await store.payments.apply(change, { phone })).toEqual({ ok: true });
    });

    it("may both be paid, but not both be unresolved (I4)", async () => {
      const { payment, attempt } = await prompted({}, { state: "failed" });
      const phone = samplePhone();
      const second = sampleAttempt(payment, phone, seal);
      const running = sampleChange(payment, { created: second });
      await store.payments.apply(running, { phone });
      const doubted = await move(running.payment, attempt, { state: "in_doubt" });
      expect(doubted.result).toEqual({ ok: false, missed: "order" });
      const paid = await move(running.payment, attempt, { state: "confirmed" });
      expect(paid.result).toEqual({ ok: true });
    });
  });

  describe("a phone", () => {
    it("is asked by one attempt at a time, whoever the merchant is", async () => {
      const phone = samplePhone();
      const { payment, attempt } = await prompted({}, { state: "pending" }, phone);
      const theirs = samplePayment({ merchantId: merchantId() });
      await store.payments.open(theirs, sampleLine());
      const change = sampleChange(theirs, { created: sampleAttempt(theirs, phone, seal) });
      const missed = { ok: false, missed: "phone" };
      expect(await store.payments.apply(change, { phone })).toEqual(missed);
      await move(payment, attempt, { state: "in_doubt" });
      expect(await store.payments.apply(change, { phone })).toEqual({ ok: true });
    });

    it("is not asked again by an attempt that comes back from doubt", async () => {
      const phone = samplePhone();
      const { payment, attempt } = await prompted({}, { state: "in_doubt" }, phone);
      await prompted({}, {}, phone);
      const back = await move(payment, attempt, { state: "pending" });
      expect(back.result).toEqual({ ok: false, missed: "phone" });
    });

    it("tells its attempts since a moment, oldest first, by environment", async () => {
      const phone = samplePhone();
      const hash = seal.hash("phone", phone);
      const times = [40, 20, 30, 10];
      for (const createdAt of times) await prompted({}, { state: "failed", createdAt }, phone);
      await prompted({ environment: "sandbox" }, { state: "failed", createdAt: 50 }, phone);
      const found = await store.payments.attemptsOfPhone("simulator", hash, 20);
      expect(found.map((attempt) => attempt.createdAt)).toEqual([20, 30, 40]);
    });
  });

  describe("receipts and CheckoutRequestIDs", () => {
    it("give a receipt to one attempt only, across merchants (I3)", async () => {
      const receipt = sampleReceipt();
      const mine = await prompted({}, { state: "pending" });
      const theirs = await prompted({ merchantId: merchantId() }, { state: "pending" });
      expect(await store.payments.receiptOwner("simulator", receipt)).toBeNull();
      const paid = await move(mine.payment, mine.attempt, { state: "confirmed", receipt });
      expect(paid.result).toEqual({ ok: true });
      const stolen = await move(theirs.payment, theirs.attempt, { state: "confirmed", receipt });
      expect(stolen.result).toEqual({ ok: false, missed: "receipt" });
      const again = await move(paid.change.payment, mine.attempt, { state: "confirmed", receipt });
      expect(again.result).toEqual({ ok: true });
      expect(await store.payments.receiptOwner("simulator", receipt)).toBe(mine.attempt.id);
      expect(await store.payments.receiptOwner("sandbox", receipt)).toBeNull();
    });

    it("find the attempts whose customers name a receipt, two at most", async () => {
      const customerCode = sampleReceipt();
      const naming = () => store.payments.namingReceipt("simulator", customerCode);
      expect(await naming()).toEqual([]);
      const one = await prompted({}, { state: "in_doubt" });
      await move(one.payment, one.attempt, { customerCode });
      expect((await naming()).map(({ id }) => id)).toEqual([one.attempt.id]);
      await prompted({}, { state: "failed", customerCode });
      await prompted({}, { state: "failed", customerCode });
      await prompted({ environment: "sandbox" }, { state: "failed", customerCode });
      expect(await naming()).toHaveLength(2);
      expect(await store.payments.namingReceipt("sandbox", customerCode)).toHaveLength(1);
    });

    it("undo the whole change when a receipt is missed", async () => {
      const receipt = sampleReceipt();
      await prompted({}, { state: "confirmed", receipt });
      const { payment, attempt } = await prompted();
      const change = sampleChange(
        { ...payment, status: "confirmed" },
        { attempts: [{ ...attempt, state: "confirmed", receipt }], timeline: [sampleLine()] },
      );
      const row = sampleInbox(attempt.id, "a callback", seal);
      const result = await store.payments.apply(change, { inbox: row });
      expect(result).toEqual({ ok: false, missed: "receipt" });
      expect(await store.payments.load(payment.id)).toEqual({ payment, attempts: [attempt] });
      expect(await store.inbox.known(attempt.id, row.digest)).toBeNull();
      expect(await store.payments.timeline(payment.id)).toHaveLength(1);
    });

    it("find an attempt by its CheckoutRequestID, which is one attempt's and never changes (I5)", async () => {
      const checkoutRequestId = `ws_CO_${unique()}`;
      const mine = await prompted({}, { state: "sending" });
      const theirs = await prompted({}, { state: "sending" });
      const accepted = await move(mine.payment, mine.attempt, {
        state: "pending",
        checkoutRequestId,
      });
      expect(accepted.result).toEqual({ ok: true });
      const missed = { ok: false, missed: "checkoutRequest" };
      const twice = await move(theirs.payment, theirs.attempt, { checkoutRequestId });
      expect(twice.result).toEqual(missed);
      const changed = { checkoutRequestId: `ws_CO_${unique()}` };
      expect((await move(accepted.change.payment, mine.attempt, changed)).result).toEqual(missed);
      const find = (environment: "simulator" | "sandbox") =>
        store.payments.attemptByCheckoutRequest(environment, checkoutRequestId);
      expect(await find("simulator")).toBe(mine.attempt.id);
      expect(await find("sandbox")).toBeNull();
    });
  });

  describe("account references", () => {
    it("are ours once in 90 days for a shortcode, unless the merchant gave them", async () => {
      const first = samplePayment({ createdAt: 200 * DAY_MS });
      await store.payments.open(first, sampleLine());
      const { accountReference, shortcode } = first;
      const at = (days: number) =>
        samplePayment({ accountReference, createdAt: (200 + days) * DAY_MS });
      const missed = { ok: false, missed: "accountReference" };
      expect(await store.payments.open(at(89), sampleLine())).toEqual(missed);
      expect(
        await store.payments
          .open({ ...at(89), shortcode: "600000" }, sampleLine())
          .then((r) => r.ok),
      ).toBe(true);
      const since = (days: number) =>
        store.payments.accountReferenceUsed(
          "simulator",
          shortcode,
          accountReference,
          days * DAY_MS,
        );
      expect(await since(199)).toBe(true);
      expect(await since(201)).toBe(false);
      expect(await store.payments.open(at(91), sampleLine())).toEqual({ ok: true });
      const given = { accountReference: "given" } as const;
      expect(await store.payments.open(at(92), sampleLine(), given)).toEqual({ ok: true });
    });
  });

  describe("what time wakes", () => {
    it("lists attempts to wake, soonest first, and forgets those with nothing to wait for", async () => {
      const named = ({ attempt, payment }: typeof two) => ({
        ...{ attemptId: attempt.id, paymentId: payment.id, merchantId: payment.merchantId },
      });
      const two = await prompted({}, { state: "pending", wakeAt: 20, looks: 3 });
      const one = await prompted({}, { state: "in_doubt", wakeAt: 10 });
      const later = await prompted({}, { state: "pending", wakeAt: 31 });
      expect(await store.payments.due("simulator", 30, 10)).toEqual([
        { ...named(one), looks: 0 },
        { ...named(two), looks: 3 },
      ]);
      expect(await store.payments.due("simulator", 40, 1)).toHaveLength(1);
      expect(await store.payments.due("sandbox", 40, 10)).toEqual([]);
      for (const { payment, attempt } of [one, two, later]) {
        await move(payment, attempt, { state: "failed", wakeAt: null });
      }
      expect(await store.payments.due("simulator", 40, 10)).toEqual([]);
    });

    it("lists who waits before confirmed money, and held success past a full heap", async () => {
      const environment = "sandbox";
      const mine = merchantId();
      const at = (state: "confirmed" | "in_doubt", over: Partial<Attempt>) =>
        prompted({ environment, merchantId: mine }, { state, ...over });
      const sure = await at("confirmed", { wakeAt: 5 });
      const sureToo = await at("confirmed", { wakeAt: 4, looks: 1 });
      const doubt = await at("in_doubt", { wakeAt: 8 });
      const again = await at("in_doubt", { wakeAt: 7, looks: 2 });
      const held = await at("in_doubt", { wakeAt: 9, looks: 4, heldAt: 3 });
      const all = [doubt, again, held, sure, sureToo];
      const names = (rows: readonly { attemptId: string }[]) => rows.map((row) => row.attemptId);
      const wanted = (rows: typeof all) => rows.map(({ attempt }) => attempt.id);
      for (const due of [
        (limit: number) => store.payments.due(environment, 10, limit),
        (limit: number) => store.payments.dueOf(mine, environment, 10, limit),
      ]) {
        expect(names(await due(10))).toEqual(wanted(all));
        expect(names(await due(4))).toEqual(wanted([doubt, again, held, sure]));
        expect(names(await due(2))).toEqual(wanted([doubt, again, held]));
        expect(names(await due(1))).toEqual(wanted([doubt, held]));
      }
      expect(await store.payments.merchantsDue(environment, 5)).toEqual([mine]);
      for (const { payment, attempt } of all) await move(payment, attempt, { wakeAt: null });
    });

    it("lists one merchant's alone, and whose there are", async () => {
      const environment = "production";
      const [mine, theirs] = [merchantId(), merchantId()];
      const late = await prompted(
        { environment, merchantId: mine },
        { state: "in_doubt", wakeAt: 9, looks: 2 },
      );
      const fresh = await prompted(
        { environment, merchantId: theirs },
        { state: "pending", wakeAt: 8 },
      );
      const ids = async (of: typeof mine, limit = 10) =>
        (await store.payments.dueOf(of, environment, 10, limit)).map((due) => due.attemptId);
      expect(await ids(mine)).toEqual([late.attempt.id]);
      expect(await ids(theirs)).toEqual([fresh.attempt.id]);
      expect(await ids(merchantId())).toEqual([]);
      const whose = await store.payments.merchantsDue(environment, 10);
      expect([...whose].sort()).toEqual([mine, theirs].sort());
      expect(await store.payments.merchantsDue(environment, 8)).toEqual([theirs]);
      for (const { payment, attempt } of [late, fresh]) {
        await move(payment, attempt, { state: "failed", wakeAt: null });
      }
      expect(await store.payments.merchantsDue(environment, 10)).toEqual([]);
    });

    it("lists every first look before the oldest repeat", async () => {
      const environment = "sandbox";
      const repeats = [];
      for (const wakeAt of [1, 2, 3]) {
        repeats.push(await prompted({ environment }, { state: "in_doubt", wakeAt, looks: 9 }));
      }
      const first = await prompted({ environment }, { state: "pending", wakeAt: 8, looks: 0 });
      const ids = async (limit: number) =>
        (await store.payments.due(environment, 10, limit)).map(({ attemptId }) => attemptId);
      expect(await ids(1)).toEqual([first.attempt.id]);
      expect(await ids(3)).toEqual([first, ...repeats.slice(0, 2)].map((one) => one.attempt.id));
      for (const { payment, attempt } of [first, ...repeats]) {
        await move(payment, attempt, { state: "failed", wakeAt: null });
      }
    });

    it("lists attempts whose sending never ended", async () => {
      const made = await prompted({}, { state: "created", createdAt: 10 });
      const sent = await prompted({}, { state: "sending", createdAt: 11 });
      await prompted({}, { state: "pending", createdAt: 12 });
      await prompted({}, { state: "created", createdAt: 500 });
      const found = await store.payments.unfinishedSends("simulator", 400);
      expect(found).toEqual([
        { attemptId: made.attempt.id, paymentId: made.payment.id },
        { attemptId: sent.attempt.id, paymentId: sent.payment.id },
      ]);
      expect(await store.payments.unfinishedSends("production", 400)).toEqual([]);
    });

    it("lists payments to expire: unclosed ones that nothing blocks", async () => {
      const expiresAt = 77;
      const ids: PaymentId[] = [];
      for (const status of [
        "open",
        "failed",
        "pending",
        "in_doubt",
        "confirmed",
        "review",
      ] as const) {
        const payment = samplePayment({ expiresAt, status });
        await store.payments.open(payment, sampleLine());
        if (status === "open" || status === "failed") ids.push(payment.id);
      }
      await store.payments.open(
        samplePayment({ expiresAt, status: "expired", closing: "expired" }),
        sampleLine(),
      );
      expect([...(await store.payments.expired("simulator", 77, 10))].sort()).toEqual(ids);
      expect(await store.payments.expired("simulator", 76, 10)).toEqual([]);
      expect(await store.payments.expired("simulator", 77, 1)).toHaveLength(1);
      expect(await store.payments.expired("production", 77, 10)).toEqual([]);
    });
  });

  describe("lists", () => {
    const mine = merchantId();
    const payments: Payment[] = [];
    const ids = (numbers: number[]) => numbers.map((n) => payments[n]?.id);
    const receipt = sampleReceipt();
    const phone = "254712345678" as Phone;

    async function list(filter: Partial<ListFilter> = {}) {
      const page = await store.payments.list({
        merchantId: mine,
        environment: "simulator",
        limit: 10,
        ...filter,
      });
      return { ids: page.rows.map((row) => row.payment.id), hasMore: page.hasMore };
    }

    beforeAll(async () => {
      payments.length = 0;
      const orders = ["A-1", "A-2", "a-3", "78-B", "Äpfel", "ORDER12345"];
      for (const [n, orderReference] of orders.entries()) {
        const payment = samplePayment({
          merchantId: mine,
          orderReference,
          status: n < 2 ? "failed" : "open",
          createdAt: 1_000 * (n + 1),
        });
        payments.push(payment);
        await store.payments.open(payment, sampleLine());
      }
      const stranger = samplePayment({ merchantId: merchantId(), orderReference: "A-1" });
      await store.payments.open(stranger, sampleLine());
      const [first, second] = payments;
      if (first === undefined || second === undefined) throw new Error("two payments were made");
      const paid = sampleAttempt(first, phone, seal, { state: "confirmed", receipt });
      await store.payments.apply(sampleChange(first, { created: paid }), { phone });
      for (const [n, end] of ["1278", "9978"].entries()) {
        const other = `25411122${end}` as Phone;
        const version = second.version + n;
        const attempt = sampleAttempt(second, other, seal, { state: "failed" });
        await store.payments.apply(sampleChange({ ...second, version }, { created: attempt }), {
          phone: other,
        });
      }
    });

    it("are newest first, page by page, of one merchant and environment", async () => {
      expect(await list()).toEqual({ ids: ids([5, 4, 3, 2, 1, 0]), hasMore: false });
      const page = await list({ limit: 4 });
      expect(page).toEqual({ ids: ids([5, 4, 3, 2]), hasMore: true });
      const startingAfter = payments[2]?.id;
      expect(await list({ limit: 4, startingAfter })).toEqual({ ids: ids([1, 0]), hasMore: false });
      expect(await list({ limit: 2, startingAfter })).toEqual({ ids: ids([1, 0]), hasMore: false });
      expect((await list({ environment: "sandbox" })).ids).toEqual([]);
    });

    it("carry the attempts of their payments", async () => {
      const page = await store.payments.list({
        merchantId: mine,
        environment: "simulator",
        limit: 2,
        statuses: ["failed"],
      });
      expect(page.rows.map((row) => row.attempts.map((attempt) => attempt.phoneTail))).toEqual([
        ["1278", "9978"],
        ["5678"],
      ]);
    });

    it("filter by status, order reference and time, together", async () => {
      expect((await list({ statuses: ["failed"] })).ids).toEqual(ids([1, 0]));
      expect((await list({ orderReference: "a-3" })).ids).toEqual(ids([2]));
      expect((await list({ createdFrom: 2_000, createdTo: 4_000 })).ids).toEqual(ids([3, 2, 1]));
      expect((await list({ createdFrom: 6_001 })).ids).toEqual([]);
      expect((await list({ createdTo: 999 })).ids).toEqual([]);
      const both = { statuses: ["failed"], createdFrom: 1_500 } as const;
      expect((await list(both)).ids).toEqual(ids([1]));
    });

    it("search by the beginning of an order reference, as it is written", async () => {
      expect((await list({ q: "A-" })).ids).toEqual(ids([1, 0]));
      expect((await list({ q: "a" })).ids).toEqual(ids([2]));
      expect((await list({ q: "Äpf" })).ids).toEqual(ids([4]));
      expect((await list({ q: "%" })).ids).toEqual([]);
      expect((await list({ q: "ORDER12345" })).ids).toEqual(ids([5]));
    });

    it("search by receipt, typed in any case", async () => {
      expect((await list({ q: receipt })).ids).toEqual(ids([0]));
      expect((await list({ q: receipt.toLowerCase() })).ids).toEqual(ids([0]));
      expect((await list({ q: receipt, merchantId: merchantId() })).ids).toEqual([]);
    });

    it("search by the last two to four digits of a phone beside order references", async () => {
      expect((await list({ q: "5678" })).ids).toEqual(ids([0]));
      expect((await list({ q: "978" })).ids).toEqual(ids([1]));
      expect((await list({ q: "78" })).ids).toEqual(ids([3, 1, 0]));
      expect((await list({ q: "78", limit: 2 })).hasMore).toBe(true);
      expect((await list({ q: "78", startingAfter: payments[3]?.id })).ids).toEqual(ids([1, 0]));
      expect((await list({ q: "78", statuses: ["open"] })).ids).toEqual(ids([3]));
      expect((await list({ q: "79" })).ids).toEqual([]);
    });

    it("search by a whole phone number", async () => {
      expect((await list({ q: "0712 345 678" })).ids).toEqual(ids([0]));
    });
  });

  describe("the inbox", () => {
    it("keeps equal bytes once, and lists them until they are applied", async () => {
      const { attempt } = await prompted();
      const row = sampleInbox(attempt.id, '{"Body":1}', seal);
      expect(await store.inbox.keep(row)).toBe("kept");
      expect(await store.inbox.keep({ ...row, id: "inb_again" })).toBe("duplicate");
      expect(await store.inbox.keep(sampleInbox(attempt.id, '{"Body":2}', seal))).toBe("kept");
      expect(await store.inbox.known(attempt.id, row.digest)).toEqual({
        id: row.id,
        applied: false,
      });
      const waiting = await store.inbox.unapplied(100);
      expect(waiting.find((each) => each.id === row.id)).toEqual({ ...row, body: '{"Body":1}' });
      await store.inbox.markApplied(row.id, 5);
      expect(await store.inbox.known(attempt.id, row.digest)).toEqual({
        id: row.id,
        applied: true,
      });
      expect((await store.inbox.unapplied(100)).some((each) => each.id === row.id)).toBe(false);
    });

    it("keeps what an attempt unknown here was told, out of the way of what can be applied", async () => {
      const attemptId = `orphan${unique()}` as AttemptId;
      const row = sampleInbox(attemptId, '{"Body":1}', seal);
      expect(await store.inbox.keep(row)).toBe("kept");
      expect(await store.inbox.keep(row)).toBe("duplicate");
      expect(await store.inbox.known(attemptId, row.digest)).toEqual({
        id: row.id,
        applied: false,
      });
      expect((await store.inbox.unapplied(100)).some((each) => each.id === row.id)).toBe(false);
    });

    it("is written with the change, and a repeat of the callback moves nothing (I10)", async () => {
      const { payment, attempt } = await prompted({}, { state: "pending" });
      const inbox = sampleInbox(attempt.id, "body", seal);
      const change = sampleChange(payment, { attempts: [{ ...attempt, state: "failed" }] });
      expect(await store.payments.apply(change, { inbox })).toEqual({ ok: true });
      expect(await store.inbox.known(attempt.id, inbox.digest)).toEqual({
        id: inbox.id,
        applied: true,
      });
      const repeat = sampleChange(change.payment, { timeline: [sampleLine()] });
      const again = { ...inbox, id: "inb_repeat" };
      expect(await store.payments.apply(repeat, { inbox: again })).toEqual({
        ok: false,
        missed: "inbox",
      });
      expect((await store.payments.load(payment.id))?.payment.version).toBe(change.payment.version);
    });

    it("marks a kept body as applied with the change, once", async () => {
      const { payment, attempt } = await prompted({}, { state: "pending" });
      const row = sampleInbox(attempt.id, "body", seal);
      await store.inbox.keep(row);
      const appliedInbox = { id: row.id, at: 9 };
      const change = sampleChange(payment);
      expect(await store.payments.apply(change, { appliedInbox })).toEqual({ ok: true });
      expect(await store.inbox.known(attempt.id, row.digest)).toEqual({
        id: row.id,
        applied: true,
      });
      const again = await store.payments.apply(sampleChange(change.payment), { appliedInbox });
      expect(again).toEqual({ ok: false, missed: "inbox" });
    });

    it("lists what came for attempts that are unknown here, oldest first, page by page", async () => {
      const { attempt } = await prompted({}, { state: "pending" });
      const stranger = (n: number) => `stranger-${unique()}-${n}` as AttemptId;
      const earlier = await store.inbox.orphans(null, 1_000);
      const rows = [1, 2, 3].map((n) => sampleInbox(stranger(n), `body ${n}`, seal));
      for (const row of rows) await store.inbox.keep(row);
      await store.inbox.keep(sampleInbox(attempt.id, "known", seal));
      const all = await store.inbox.orphans(null, 1_000);
      expect(all.slice(earlier.length).map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
      const [second] = await store.inbox.orphans(rows[0]?.id ?? "", 1);
      expect(second).toEqual({ ...rows[1], body: "body 2" });
    });

    it("applies once what was kept before it could be applied", async () => {
      const { payment, attempt } = await prompted({}, { state: "pending" });
      const inbox = sampleInbox(attempt.id, "body", seal);
      await store.inbox.keep(inbox);
      const change = sampleChange(payment);
      expect(await store.payments.apply(change, { inbox })).toEqual({ ok: true });
      expect(await store.inbox.known(attempt.id, inbox.digest)).toEqual({
        id: inbox.id,
        applied: true,
      });
    });
  });

  describe("idempotency keys", () => {
    const claim = (over: Partial<IdempotencyClaim> = {}): IdempotencyClaim => ({
      merchantId: "mer_sample" as MerchantId,
      environment: "simulator",
      key: `key-${unique()}`,
      bodyHash: "body",
      at: 1_000,
      ...over,
    });

    it("are fresh once, then running, then done with the stored answer", async () => {
      const wanted = claim();
      const states = await Promise.all([
        store.idempotency.claim(wanted),
        store.idempotency.claim(wanted),
      ]);
      expect(states.map((state) => state.kind).sort()).toEqual(["fresh", "running"]);
      await store.idempotency.finish(wanted, 201, '{"id":"pay_1"}');
      const done = { kind: "done", status: 201, body: '{"id":"pay_1"}' };
      expect(await store.idempotency.claim({ ...wanted, at: 2_000 })).toEqual(done);
      await store.idempotency.release(wanted);
      await store.idempotency.finish(wanted, 500, "overwritten");
      expect(await store.idempotency.claim(wanted)).toEqual(done);
    });

    it("refuse another body, and are each merchant's and environment's own", async () => {
      const wanted = claim();
      await store.idempotency.claim(wanted);
      const other = await store.idempotency.claim({ ...wanted, bodyHash: "other" });
      expect(other).toEqual({ kind: "other_body" });
      for (const over of [{ merchantId: merchantId() }, { environment: "sandbox" as const }]) {
        expect(await store.idempotency.claim({ ...wanted, ...over })).toEqual({ kind: "fresh" });
      }
    });

    it("know after a crash which payment the call made", async () => {
      const wanted = claim();
      await store.idempotency.claim(wanted);
      const running = { kind: "running", since: 1_000 };
      expect(await store.idempotency.claim(wanted)).toEqual({ ...running, paymentId: null });
      const payment = samplePayment();
      await store.payments.open(payment, sampleLine(), { claim: wanted });
      expect(await store.idempotency.claim(wanted)).toEqual({ ...running, paymentId: payment.id });
      const other = claim();
      await store.idempotency.claim(other);
      await store.idempotency.link(other, payment.id);
      expect(await store.idempotency.claim(other)).toEqual({ ...running, paymentId: payment.id });
    });

    it("are free again after a release and after their time", async () => {
      const released = claim();
      await store.idempotency.claim(released);
      await store.idempotency.release(released);
      expect(await store.idempotency.claim(released)).toEqual({ kind: "fresh" });
      const [old, young] = [claim({ at: 10 }), claim({ at: 20 })];
      await store.idempotency.claim(old);
      await store.idempotency.claim(young);
      await store.idempotency.dropOlderThan(20);
      expect((await store.idempotency.claim(old)).kind).toBe("fresh");
      expect((await store.idempotency.claim(young)).kind).toBe("running");
    });
  });

  describe("merchants and keys", () => {
    const merchant = (): Merchant => ({
      id: merchantId(),
      environment: "production",
      name: "Duka la Asha",
      shortcode: "174379",
      allowedOrigins: ["https://shop.example.co.ke"],
      pausedAt: null,
    });

    it("have one default for an environment, which follows the configured shortcode", async () => {
      const first = merchant();
      expect(await store.merchants.ensureDefault(first)).toEqual(first);
      const later = { ...merchant(), name: "Another", shortcode: "600000", allowedOrigins: [] };
      const moved = { ...first, shortcode: "600000" };
      expect(await store.merchants.ensureDefault(later)).toEqual(moved);
      expect(await store.merchants.byId(first.id)).toMatchObject(moved);
      expect(await store.merchants.byId(later.id)).toBeNull();
      const sandbox = { ...merchant(), environment: "sandbox" as const };
      expect(await store.merchants.ensureDefault(sandbox)).toEqual(sandbox);
    });

    it("are listed with the default one first, and have each a number of its own", async () => {
      const environment = "sandbox" as const;
      const further = (id: string, shortcode: string, till: string | null) => ({
        ...{ id: `mer_${id}${unique()}` as Merchant["id"], environment, name: id, shortcode, till },
        ...{ pull: "asked" as const, credentialsSealed: seal.seal(id) },
      });
      const audit = (target: string): AuditEntry => ({
        ...{ at: 1, actor: "command", action: "merchant_added", target, details: {} },
      });
      const chief = await store.merchants.ensureDefault({ ...merchant(), environment });
      const [first, second] = [further("a", "600001", null), further("b", "600001", "5550001")];
      for (const one of [second, first]) {
        expect(await store.merchants.add(one, audit(one.id))).toBe("added");
      }
      const again = further("c", "600001", "5550001");
      expect(await store.merchants.add(again, audit(again.id))).toBe("taken");
      expect(await store.merchants.add({ ...first, shortcode: "1" }, audit("x"))).toBe("taken");
      const listed = await store.merchants.ofEnvironment(environment);
      expect(listed.map(({ id }) => id)).toEqual([chief.id, first.id, second.id]);
      expect(listed.map(({ origin }) => origin)).toEqual(["default", "further", "further"]);
      expect(listed[2]).toMatchObject({ till: "5550001", pull: "asked", pausedAt: null });
      expect(JSON.stringify(listed)).not.toContain(second.credentialsSealed);
      const sealed = await store.merchants.credentialsOf(second.id);
      expect(seal.open(sealed ?? "")).toBe("b");
      expect(await store.merchants.credentialsOf(chief.id)).toBeNull();
      const anew = (id: Merchant["id"]) =>
        store.merchants.setCredentials(id, seal.seal("anew"), audit(id));
      expect([await anew(second.id), await anew(chief.id)]).toEqual([true, false]);
      expect(seal.open((await store.merchants.credentialsOf(second.id)) ?? "")).toBe("anew");
      expect(seal.open((await store.merchants.credentialsOf(first.id)) ?? "")).toBe("a");
      expect(await store.merchants.credentialsOf(chief.id)).toBeNull();
      // The configuration may name any shortcode, also one that was added.
      const moved = { ...merchant(), environment, shortcode: "600001" };
      expect((await store.merchants.ensureDefault(moved)).shortcode).toBe("600001");
    });

    it("pause and go on once, whoever asks", async () => {
      const { id } = await store.merchants.ensureDefault(merchant());
      const audit = { at: 1, actor: "command", target: id, details: {} } as const;
      const set = (at: number | null) =>
        store.merchants.setPaused(id, at, {
          ...audit,
          action: at === null ? "merchant_resumed" : "merchant_paused",
        });
      const before = (await store.audit.head()).number;
      expect(await set(null)).toBe(false);
      expect(await set(5)).toBe(true);
      expect(await set(6)).toBe(false);
      expect(await store.merchants.byId(id)).toMatchObject({ pausedAt: 5 });
      expect(await set(null)).toBe(true);
      expect(await store.merchants.byId(id)).toMatchObject({ pausedAt: null });
      expect((await store.audit.head()).number).toBe(before + 2);
    });

    it("have a look of their own, which only who has read it last replaces", async () => {
      const { id } = await store.merchants.ensureDefault(merchant());
      const brand = async () => (await store.merchants.byId(id))?.brand;
      const plain = await brand();
      const version = plain?.version ?? 0;
      const logo = { hash: `logo${unique()}`, type: "image/png", base64: "iVBORw==" } as const;
      const look = { name: "Kiosk", accent: "#0a7d3e", logo };
      expect(await store.brands.setBrand(id, look, version)).toBe(true);
      expect(await store.merchants.byId(id)).toMatchObject({ name: "Kiosk" });
      expect(await brand()).toEqual({ version: version + 1, accent: "#0a7d3e", logo: logo.hash });
      expect(await store.brands.logoByHash(logo.hash)).toEqual(logo);
      const late = { name: "Late", accent: null, logo: "none" } as const;
      expect(await store.brands.setBrand(id, late, version)).toBe(false);
      expect((await brand())?.logo).toBe(logo.hash);
      const kept = { name: "Duka", accent: null, logo: "keep" } as const;
      expect(await store.brands.setBrand(id, kept, version + 1)).toBe(true);
      expect(await brand()).toEqual({ version: version + 2, accent: null, logo: logo.hash });
      expect(await store.brands.setBrand(id, late, version + 2)).toBe(true);
      expect(await brand()).toEqual({ version: version + 3, accent: null, logo: null });
      expect(await store.brands.logoByHash(logo.hash)).toBeNull();
      expect(await store.brands.setBrand(merchantId(), late, 1)).toBe(false);
    });

    it("find a key by its hash", async () => {
      const owner = await store.merchants.ensureDefault(merchant());
      const key = {
        id: `key_${unique()}`,
        merchantId: owner.id,
        environment: "production" as const,
        kind: "secret" as const,
        hash: `hash${unique()}`,
        tail: "cdef",
        sealed: null,
        createdAt: 1,
      };
      await store.merchants.addKey(key);
      const { id, kind, environment } = key;
      const found = { id, kind, environment, merchantId: owner.id };
      expect(await store.merchants.keyByHash(key.hash)).toEqual(found);
      expect(await store.merchants.keyByHash("unknown")).toBeNull();
      await expect(store.merchants.addKey({ ...key, id: "key_other" })).rejects.toThrow(/exists/);
    });

    it("keep a webhook secret for merchants that exist", async () => {
      const owner = await store.merchants.ensureDefault(merchant());
      await store.merchants.setWebhookSecret(owner.id, seal.seal("whsec_1"));
      await expect(store.merchants.setWebhookSecret(merchantId(), "x")).rejects.toThrow(
        /no merchant/,
      );
    });
  });

  describe("people", () => {
    const person = (email: string): User & { createdAt: number } => ({
      id: `usr_${unique()}` as User["id"],
      email,
      passwordHash: "$argon2id$",
      role: "owner",
      createdAt: 1,
    });

    it("have one account for an e-mail address", async () => {
      expect(await store.people.countUsers()).toBe(0);
      const asha = person("asha@example.co.ke");
      expect(await store.people.addUser(asha)).toBe("added");
      expect(await store.people.addUser(person(asha.email))).toBe("taken");
      expect(await store.people.countUsers()).toBe(1);
      const { createdAt: _, ...user } = asha;
      expect(await store.people.userByEmail(asha.email)).toEqual(user);
      expect(await store.people.userByEmail("nobody@example.co.ke")).toBeNull();
    });

    it("have the least role when theirs is one that nobody gives any more", async () => {
      const odd = { ...person(`p${unique()}@example.co.ke`), role: "admin" as User["role"] };
      await store.people.addUser(odd);
      expect((await store.people.userByEmail(odd.email))?.role).toBe("viewer");
    });

    it("are signed in until their session ends or is ended", async () => {
      const user = person(`p${unique()}@example.co.ke`);
      await store.people.addUser(user);
      const session = { userId: user.id, createdAt: 10, expiresAt: 100, provedAt: null };
      for (const idHash of ["one", "two"]) await store.people.openSession({ idHash, ...session });
      const found = await store.people.sessionByHash("one", 99);
      expect(found?.session).toEqual({ id: "one", ...session, usedAt: 10, device: null });
      expect(found?.user.email).toBe(user.email);
      expect(await store.people.sessionByHash("one", 100)).toBeNull();
      await store.people.extendSession("one", 200, 90);
      expect((await store.people.sessionByHash("one", 150))?.session.expiresAt).toBe(200);
      await store.people.proveSession("one", 120);
      expect((await store.people.sessionByHash("one", 150))?.session.provedAt).toBe(120);
      await store.people.dropExpiredSessions(100);
      expect(await store.people.sessionByHash("two", 50)).toBeNull();
      await store.people.endSession("one");
      await store.people.extendSession("one", 300, 95);
      expect(await store.people.sessionByHash("one", 50)).toBeNull();
    });
  });

  describe("leases", () => {
    const LENGTH = 15_000;
    const taking = (name: string) => (holder: string, at: number) =>
      store.leases.take(name, holder, at, at + LENGTH);

    it("belong to one holder at a time, who may renew, until their time has run out", async () => {
      const take = taking("resolver");
      const both = await Promise.all([take("a", 1_000), take("b", 1_000)]);
      expect(both.filter(Boolean)).toHaveLength(1);
      const [holder, other] = both[0] ? ["a", "b"] : ["b", "a"];
      expect(await take(holder, 6_000)).toBe(true);
      expect(await take(other, 6_000 + LENGTH - 1)).toBe(false);
      expect(await store.leases.holder("resolver", 6_000 + LENGTH - 1)).toBe(holder);
      expect(await store.leases.holder("resolver", 6_000 + LENGTH)).toBeNull();
      expect(await take(other, 6_000 + LENGTH)).toBe(true);
      expect(await take(holder, 6_000 + LENGTH)).toBe(false);
    });

    it("are free at once when their holder drops them, and only their holder can", async () => {
      const take = taking("dropped");
      await take("a", 1_000);
      await store.leases.drop("dropped", "b");
      expect(await take("b", 1_000)).toBe(false);
      await store.leases.drop("dropped", "a");
      expect(await store.leases.holder("dropped", 1_000)).toBeNull();
      expect(await take("b", 1_000)).toBe(true);
      expect(await taking("another")("a", 1_000)).toBe(true);
    });

    it("of a dead holder block for one length at most after the clock went back", async () => {
      const take = taking("back");
      await take("dead", 900_000_000);
      expect(await take("next", 1_000)).toBe(false);
      expect(await take("next", 1_000 + LENGTH - 1)).toBe(false);
      expect(await take("next", 1_000 + LENGTH)).toBe(true);
    });

    it("of a live holder are kept by renewing after the clock went back", async () => {
      const take = taking("alive");
      await take("alive", 900_000_000);
      for (let at = 1_000; at < 5 * LENGTH; at += 5_000) {
        expect(await take("next", at)).toBe(false);
        expect(await take("alive", 900_000_000)).toBe(true);
      }
    });
  });

  describe("what a statement is laid beside", () => {
    it("finds every payment of an account reference with its attempts, newest first", async () => {
      const over = { accountReference: `REF${unique()}`, shortcode: "600111" };
      const older = await prompted({ ...over, createdAt: 5_000 });
      const newer = await prompted({ ...over, createdAt: 6_000 + 91 * DAY_MS });
      const found = (since: number) =>
        store.payments.byAccountReference("simulator", "600111", over.accountReference, since);
      expect(await found(0)).toEqual(
        [newer, older].map(({ payment, attempt }) => ({ payment, attempts: [attempt] })),
      );
      expect((await found(5_000)).map(({ payment }) => payment.id)).toEqual([newer.payment.id]);
      expect(
        await store.payments.byAccountReference("simulator", "600112", over.accountReference, 0),
      ).toEqual([]);
    });

    it("finds the merchant's payments with an attempt in doubt, newest first", async () => {
      const merchant = merchantId();
      const doubtful = { state: "in_doubt" } as const;
      const doubt = await prompted({ merchantId: merchant, status: "in_doubt" }, doubtful);
      // Money of an earlier attempt came late: the payment says what it was paid, not what runs.
      const paid = await prompted({ merchantId: merchant, status: "confirmed" }, doubtful);
      const review = await prompted({ merchantId: merchant, status: "review" }, doubtful);
      await prompted({ merchantId: merchant, status: "pending" }, { state: "pending" });
      await prompted({ merchantId: merchant, status: "confirmed" }, { state: "confirmed" });
      await prompted({ merchantId: merchant, environment: "sandbox" }, doubtful);
      await prompted({ status: "in_doubt" }, doubtful);
      await prompted({ merchantId: merchant, shortcode: "600000" }, doubtful);
      const { shortcode } = doubt.payment;
      const asked = { id: merchant, environment: "simulator", shortcode } as const;
      const found = await store.payments.inDoubt(asked, 10);
      const expected = [review, paid, doubt].map((each) => each.payment.id);
      expect(found.map(({ payment }) => payment.id)).toEqual(expected);
      expect(found[0]?.attempts).toEqual([review.attempt]);
      expect(await store.payments.inDoubt(asked, 2)).toHaveLength(2);
    });
  });

  it("keeps bookmarks, which never go back", async () => {
    expect(await store.bookmarks.read("pull")).toBeNull();
    await store.bookmarks.move("pull", 2_000);
    await store.bookmarks.move("pull", 1_000);
    expect(await store.bookmarks.read("pull")).toBe(2_000);
    await store.bookmarks.move("pull", 3_000);
    expect(await store.bookmarks.read("pull")).toBe(3_000);
    expect(await store.bookmarks.read("other")).toBeNull();
  });

  it("says that it can write", async () => {
    expect(await store.writable()).toBe(true);
  });

  it("has everything after a restart, and migrates no second time", async () => {
    const { payment, attempt, phone } = await prompted();
    await store.close();
    expect(await store.writable()).toBe(false);
    engine = await open();
    store = createStore(engine, seal);
    const loaded = await store.payments.load(payment.id);
    expect(loaded).toEqual({ payment, attempts: [attempt] });
    expect(await store.payments.phoneOf(attempt.id)).toBe(phone);
  });
});
