/** Numbers that go by age, on both engines: only of what is over, whole, once, and nobody else's. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import { withoutPhone } from "../core/blanked.ts";
import type { Attempt, MerchantId, Payment, PaymentId, UserId } from "../core/payment.ts";
import type { AgeingMark, AuditEntry, Store } from "../ports.ts";
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

const BEFORE = 5_000_000;
const AT = 9_000_000;
const seal = createSeal(Buffer.alloc(32, 1));

describe.each(["sqlite", "postgres"] as const)("numbers that go by age on %s", (dialect) => {
  let folder: string;
  let engine: Engine;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-ageing-"));
    engine =
      dialect === "sqlite"
        ? await openSqlite(join(folder, "lipia.db"))
        : await pgliteConnection().then(openPostgres);
    store = createStore(engine, seal);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const scopeOf = (merchant: MerchantId) =>
    ({ merchantId: merchant, environment: "simulator" }) as const;
  const due = async (merchant: MerchantId, which: "all" | "holding" = "all") =>
    (await store.ageing.due(scopeOf(merchant), which, BEFORE, null, 100)).ids;

  /** A payment with the number everywhere it can come to stand. */
  async function trace(
    merchant: MerchantId,
    phone: Phone,
    over: Partial<Payment> = {},
    state: Attempt["state"] = over.status === "confirmed" ? "confirmed" : "failed",
  ) {
    const opened = samplePayment({
      merchantId: merchant,
      description: `For ${phone}`,
      metadata: { caller: `0${phone.slice(3)}`, cart: "7" },
      phoneTail: phone.slice(-4),
    });
    await store.payments.open(opened, sampleLine(), { phone });
    const paid = state === "confirmed";
    const attempt = sampleAttempt(opened, phone, seal, {
      state,
      checkoutRequestId: `ws_CO_2411202612000${String(unique()).padStart(4, "0")}${phone.slice(3)}`,
      receipt: paid ? sampleReceipt() : null,
      receivedCents: paid ? opened.amountCents : null,
    });
    const change = sampleChange(
      { ...opened, status: "confirmed", ...over },
      {
        created: attempt,
        evidence: [sampleEvidence(attempt)],
        timeline: [sampleLine({ attemptId: attempt.id, detail: { phoneTail: attempt.phoneTail } })],
      },
    );
    const inbox = sampleInbox(attempt.id, `{"PhoneNumber":${phone}}`, seal);
    expect(await store.payments.apply(change, { phone, inbox })).toEqual({ ok: true });
    await store.story.keepCalls("simulator", [
      {
        id: `cal_${String(unique()).padStart(8, "0")}`,
        attemptId: attempt.id,
        call: "push",
        at: 5,
        tookMs: 9,
        sent: `{"PhoneNumber":"${phone}"}`,
        status: 200,
        answer: `{"CheckoutRequestID":"${attempt.checkoutRequestId}"}`,
        fault: null,
      },
    ]);
    const id = `nte_${String(unique()).padStart(8, "0")}`;
    const written = { id, environment: "simulator", at: 5, text: `Called ${phone}` } as const;
    const userId = "usr_wanjiru" as UserId;
    await store.story.addNote(
      { ...written, paymentId: opened.id, userId, author: "w@shop.co.ke" },
      { at: 5, actor: userId, action: "note_added", target: opened.id, details: {} },
    );
    return { payment: change.payment, attempt };
  }

  /** Rows that still hold a number, every seal opened. */
  async function holders(phone: Phone): Promise<string[]> {
    const found: string[] = [];
    for (const [name, table] of Object.entries(engine.t)) {
      for (const row of await engine.db.select().from(table)) {
        const texts = Object.values(row).map((value) =>
          typeof value === "string" && value.startsWith("v1.") ? seal.open(value) : value,
        );
        const text = JSON.stringify(texts);
        if (withoutPhone(text, phone) !== text) found.push(name);
      }
    }
    return found;
  }

  it("leave every row of an old payment, and stay in the customer's younger ones", async () => {
    const [merchant, phone] = [merchantId(), samplePhone()];
    const old = await trace(merchant, phone);
    const young = await trace(merchant, phone, { updatedAt: BEFORE });
    expect(await due(merchant)).toEqual([old.payment.id]);
    const before = await store.payments.load(old.payment.id);
    expect(await store.ageing.ageOut(old.payment.id, AT)).toEqual({
      kind: "blanked",
      attempts: 1,
      callbacks: 1,
    });
    expect((await holders(phone)).sort()).toEqual([
      "attempts",
      "darajaCalls",
      "inbox",
      "notes",
      "payments",
    ]);
    expect(await store.payments.phoneOf(young.attempt.id)).toBe(phone);
    expect(await store.payments.phoneOf(old.attempt.id)).toBeNull();
    expect(await store.payments.phoneOfPayment(old.payment.id)).toBeNull();
    const told = async ({ payment }: typeof old) =>
      JSON.stringify(await store.payments.timeline(payment.id));
    expect(await told(old)).not.toContain(phone.slice(-4));
    expect(await told(young)).toContain(phone.slice(-4));
    const after = await store.payments.load(old.payment.id);
    const money = (rows: typeof after) =>
      rows?.attempts.map(({ state, receipt, receivedCents }) => [state, receipt, receivedCents]);
    expect(money(after)).toEqual(money(before));
    expect(after?.payment).toMatchObject({ status: "confirmed", metadata: { cart: "7" } });
    expect(after?.payment.version).toBe(before?.payment.version);
    await store.ageing.ageOut(young.payment.id, AT);
    expect(await holders(phone)).toEqual([]);
  });

  it("go once: who comes again finds nothing to do", async () => {
    const merchant = merchantId();
    const { payment } = await trace(merchant, samplePhone());
    const both = [store.ageing.ageOut(payment.id, AT), store.ageing.ageOut(payment.id, AT)];
    expect((await Promise.all(both)).map(({ kind }) => kind).sort()).toEqual(["blanked", "left"]);
    expect(await due(merchant)).toEqual([]);
    expect(await store.ageing.ageOut("pay_nobody" as PaymentId, AT)).toEqual({ kind: "left" });
  });

  it.each([
    ["open", { status: "open" }, "failed"],
    ["failed and free to be tried again", { status: "failed" }, "failed"],
    ["pending", { status: "pending" }, "pending"],
    ["in doubt", { status: "in_doubt", closing: "expired" }, "in_doubt"],
    ["to review", { status: "review", closing: "cancelled" }, "review"],
    ["paid beside an attempt to review", { status: "confirmed" }, "review"],
    ["changed lately", { status: "confirmed", updatedAt: BEFORE }, "confirmed"],
  ] as const)("stay in a payment that is %s", async (_what, over, state) => {
    const [merchant, phone] = [merchantId(), samplePhone()];
    const { payment, attempt } = await trace(merchant, phone, over, state);
    expect(await due(merchant)).toEqual([]);
    if (!("updatedAt" in over)) {
      expect(await store.ageing.ageOut(payment.id, AT)).toEqual({ kind: "left" });
    }
    expect(await store.payments.phoneOf(attempt.id)).toBe(phone);
  });

  it("wait for a callback that is kept and not yet applied", async () => {
    const merchant = merchantId();
    const { attempt, payment } = await trace(merchant, samplePhone());
    const row = sampleInbox(attempt.id, "{}", seal);
    await store.inbox.keep(row);
    expect(await due(merchant)).toEqual([]);
    expect(await store.ageing.ageOut(payment.id, AT)).toEqual({ kind: "left" });
    await store.inbox.markApplied(row.id, 7);
    expect(await due(merchant)).toEqual([payment.id]);
  });

  it("are counted where one is left, and found slice by slice without a gap", async () => {
    const merchant = merchantId();
    for (let n = 0; n < 5; n += 1) await trace(merchant, samplePhone());
    const bare = samplePayment({ merchantId: merchant, status: "cancelled", closing: "cancelled" });
    await store.payments.open(bare, sampleLine());
    expect(await due(merchant)).toHaveLength(6);
    expect(await due(merchant, "holding")).toHaveLength(5);
    const seen: PaymentId[] = [];
    let mark: AgeingMark | null = null;
    do {
      const slice = await store.ageing.due(scopeOf(merchant), "all", BEFORE, mark, 2);
      seen.push(...slice.ids);
      mark = slice.next;
    } while (mark !== null);
    expect(seen).toEqual(await due(merchant));
    expect(await store.ageing.ageOut(bare.id, AT)).toMatchObject({ attempts: 0, callbacks: 0 });
  });

  it("leave callbacks of unknown attempts that came in within the span, and only those", async () => {
    const { attempt } = await trace(merchantId(), samplePhone());
    const text = (phone: Phone) =>
      `{"CheckoutRequestID":"ws_CO_24112026120001234${phone.slice(3)}","Receipt":"UKO7A1B2C3","Amount":20,"Date":20261124120001,"PhoneNumber":${phone}}`;
    const phones = Array.from({ length: 5 }, samplePhone) as [Phone, Phone, Phone, Phone, Phone];
    const [old, early, late, known, elsewhere] = phones;
    const orphan = () => `att_${String(unique()).padStart(32, "0")}` as Attempt["id"];
    const keep = async (phone: Phone, attemptId: Attempt["id"], over: object = {}) => {
      const row = { ...sampleInbox(attemptId, text(phone), seal), receivedAt: 2_000, ...over };
      await store.inbox.keep(row);
    };
    await keep(old, orphan());
    await keep(early, orphan(), { receivedAt: 999 });
    await keep(late, orphan(), { receivedAt: BEFORE });
    await keep(known, attempt.id);
    await keep(elsewhere, orphan(), { environment: "sandbox" });
    const span = { since: 1_000, before: BEFORE };
    const all = async () => {
      let blanked = 0;
      for (let after: string | null = ""; after !== null; ) {
        const slice = await store.ageing.ageOutOrphans("simulator", span, after);
        blanked += slice.blanked;
        after = slice.next;
      }
      return blanked;
    };
    expect(await all()).toBe(1);
    expect(await holders(old)).toEqual([]);
    for (const phone of [early, late, known, elsewhere]) {
      expect(await holders(phone)).toEqual(["inbox"]);
    }
    const bodies = (await store.inbox.orphans(null, 1_000)).map(({ body }) => body);
    expect(bodies).toContain(text("254000000000" as Phone));
    expect(await all(), "a second run finds nothing").toBe(0);
  });

  it("leave more unknown callbacks than one transaction takes", async () => {
    const [phone, many] = [samplePhone(), 120];
    const before = (await store.inbox.orphans(null, 1_000)).length;
    for (let n = 0; n < many; n += 1) {
      const attemptId = `att_${String(unique()).padStart(32, "0")}` as Attempt["id"];
      await store.inbox.keep({
        ...sampleInbox(attemptId, `{"n":${phone}}`, seal),
        receivedAt: 7_000,
      });
    }
    let blanked = 0;
    for (let after: string | null = ""; after !== null; ) {
      const span = { since: 7_000, before: 7_001 };
      const slice = await store.ageing.ageOutOrphans("simulator", span, after);
      blanked += slice.blanked;
      after = slice.next;
    }
    expect(blanked).toBe(many);
    expect(await holders(phone)).toEqual([]);
    expect(await store.inbox.orphans(null, 1_000)).toHaveLength(before + many);
  });

  it("leave no trace of whoever is old and all of whoever is not, whatever the mixture", async () => {
    const person = fc.record({
      ages: fc.array(fc.constantFrom(1_000_000, BEFORE + 1), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 3 }), async (people) => {
        const merchant = merchantId();
        const phones = people.map(samplePhone);
        for (const [index, { ages }] of people.entries()) {
          for (const updatedAt of ages)
            await trace(merchant, phones[index] as Phone, { updatedAt });
        }
        for (const id of await due(merchant)) await store.ageing.ageOut(id, AT);
        for (const [index, { ages }] of people.entries()) {
          const young = ages.filter((at) => at >= BEFORE).length;
          const rows = await holders(phones[index] as Phone);
          expect(rows.filter((name) => name === "attempts")).toHaveLength(young);
          expect(rows.filter((name) => name === "notes")).toHaveLength(young);
        }
      }),
      { seed: 20_261_128, numRuns: 5 },
    );
  });

  it("are kept for ever until it is said otherwise, guarded by the version", async () => {
    const id = merchantId();
    const merchant = { id, environment: "sandbox", name: "Shop", shortcode: "1" } as const;
    await store.merchants.ensureDefault({ ...merchant, allowedOrigins: [], pausedAt: null });
    const audit: AuditEntry = {
      at: 1,
      actor: "command",
      action: "retention_changed",
      target: id,
      details: {},
    };
    expect(await store.ageing.retentionOf(id)).toEqual({ version: 1, days: null });
    expect(await store.ageing.setRetention(id, 365, 1, audit)).toBe(true);
    expect(await store.ageing.setRetention(id, 90, 1, audit)).toBe(false);
    expect(await store.ageing.retentionOf(id)).toEqual({ version: 2, days: 365 });
    expect(await store.ageing.setRetention(id, null, 2, audit)).toBe(true);
    expect(await store.ageing.retentionOf(id)).toEqual({ version: 3, days: null });
  });
});
