/** What an erasure takes away and what it leaves, row by row, on both engines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLLUP_KINDS } from "../../shared/insight-words.ts";
import { cents } from "../../shared/money.ts";
import { nairobiDay } from "../../shared/nairobi.ts";
import type { Phone } from "../../shared/phone.ts";
import { withoutPhone } from "../core/blanked.ts";
import type { Attempt, AttemptId, MerchantId, UserId } from "../core/payment.ts";
import { ERASURE_ROOMS, type Seal, type Store } from "../ports.ts";
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
import { reseal } from "./sealing.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const OLD = Buffer.alloc(32, 1);
const OPEN_STATES = ["created", "sending", "pending", "in_doubt", "review"] as const;
const SETTLED = ["confirmed", "failed", "reversed"] as const;

/** How people and systems write a number. */
const SPELLINGS: readonly ((phone: Phone) => string)[] = [
  (phone) => phone,
  (phone) => `+${phone}`,
  (phone) => `0${phone.slice(3)}`,
  (phone) => `0${phone.slice(3, 6)} ${phone.slice(6, 9)} ${phone.slice(9)}`,
  (phone) => `+254 (${phone.slice(3, 6)}) ${phone.slice(6, 9)}-${phone.slice(9)}`,
  (phone) => `00${phone}`,
];

describe.each(["sqlite", "postgres"] as const)("erasing a number on %s", (dialect) => {
  let folder: string;
  let engine: Engine;
  let store: Store;
  const seal = createSeal(OLD);
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-erasure-"));
    engine =
      dialect === "sqlite"
        ? await openSqlite(join(folder, "lipia.db"))
        : await openPostgres(await pgliteConnection(join(folder, "pg")));
    store = createStore(engine, seal);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const requestOf = (phone: Phone) =>
    `ws_CO_2411202612000${String(unique()).padStart(4, "0")}${phone.slice(3)}`;
  const bodyOf = (attempt: Attempt, phone: Phone) =>
    JSON.stringify({ CheckoutRequestID: attempt.checkoutRequestId, PhoneNumber: Number(phone) });

  /** A payment with one attempt on a phone, and the number everywhere it can come to stand. */
  async function trace(
    phone: Phone,
    state: Attempt["state"],
    { merchant = "mer_sample" as MerchantId, spelled = SPELLINGS[3]?.(phone) ?? "" } = {},
  ) {
    const opened = samplePayment({
      merchantId: merchant,
      description: `For ${spelled}`,
      metadata: { caller: spelled, cart: "7" },
      successUrl: `https://shop.co.ke/thanks?phone=${phone}`,
      phoneTail: phone.slice(-4),
    });
    expect(await store.payments.open(opened, sampleLine(), { phone })).toEqual({ ok: true });
    const paid = state === "confirmed" || state === "reversed";
    const attempt = sampleAttempt(opened, phone, seal, {
      state,
      checkoutRequestId: requestOf(phone),
      receipt: paid ? sampleReceipt() : null,
      receivedCents: paid ? opened.amountCents : null,
    });
    const payment = { ...opened, status: paid ? ("confirmed" as const) : ("failed" as const) };
    const change = sampleChange(payment, {
      created: attempt,
      evidence: [{ ...sampleEvidence(attempt), detail: { reason: `She showed ${spelled}` } }],
      timeline: [
        sampleLine({ attemptId: attempt.id, detail: { phoneTail: attempt.phoneTail, by: "w" } }),
        sampleLine({ attemptId: attempt.id, detail: { reason: `Rang ${spelled}` } }),
      ],
    });
    const inbox = sampleInbox(attempt.id, bodyOf(attempt, phone), seal);
    expect(await store.payments.apply(change, { phone, inbox })).toEqual({ ok: true });
    await note(payment.id, `Called ${spelled}, will pay`);
    const said = { call: "push", at: 5, tookMs: 9, status: 200, fault: null } as const;
    const sent = JSON.stringify({ PhoneNumber: phone });
    const answer = JSON.stringify({ CheckoutRequestID: attempt.checkoutRequestId });
    const callId = `dcl_${String(unique()).padStart(8, "0")}`;
    const call = { ...said, id: callId, attemptId: attempt.id, sent, answer };
    await store.story.keepCalls(attempt.environment, [call]);
    return { payment: change.payment, attempt, inbox };
  }

  async function note(paymentId: ReturnType<typeof samplePayment>["id"], text: string) {
    const id = `nte_${String(unique()).padStart(8, "0")}`;
    const written = { id, paymentId, environment: "simulator", at: 5, text } as const;
    const userId = "usr_wanjiru" as UserId;
    await store.story.addNote(
      { ...written, userId, author: "w@shop.co.ke" },
      { at: 5, actor: userId, action: "note_added", target: paymentId, details: { noteId: id } },
    );
  }

  async function erase(phone: Phone): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const room of ERASURE_ROOMS) {
      for (let from: string | null = ""; from !== null; ) {
        const batch = await store.erasure.blank(room, phone, from);
        if (batch.kind === "unsettled") throw new Error("unsettled");
        for (const [name, n] of Object.entries(batch.counts))
          counts[name] = (counts[name] ?? 0) + n;
        from = batch.next;
      }
    }
    return counts;
  }

  /** Every row of every table as text, with every seal opened. */
  async function everything(by: Seal = seal): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const [name, table] of Object.entries(engine.t)) {
      for (const [index, row] of (await engine.db.select().from(table)).entries()) {
        const opened = Object.entries(row).map(([column, value]) => [
          column,
          typeof value === "string" && value.startsWith("v1.") ? by.open(value) : value,
        ]);
        const { id, seq, paymentId, attemptId } = row as Record<string, unknown>;
        const numbered = seq === undefined ? index : `${paymentId ?? attemptId} ${seq}`;
        found.set(`${name} ${id ?? numbered}`, JSON.stringify(opened));
      }
    }
    return found;
  }

  const holders = (rows: Map<string, string>, phone: Phone) =>
    [...rows].filter(([, text]) => withoutPhone(text, phone) !== text).map(([name]) => name);

  /** As a line of the story tells it, apart from the number's other spellings. */
  const tailOf = (phone: Phone) => `"phoneTail":"${phone.slice(-4)}"`;

  it("leaves the number in no column of any table, and nobody else's row changed", async () => {
    const [phone, other] = [samplePhone(), samplePhone()];
    const [failed, paid] = [await trace(phone, "failed"), await trace(phone, "confirmed")];
    const bystander = await trace(other, "confirmed");
    await note(bystander.payment.id, `Her sister's number is ${phone}`);
    const orphanId = unique().toString(16).padStart(32, "0") as AttemptId;
    await store.inbox.keep(sampleInbox(orphanId, `{"PhoneNumber":${phone}}`, seal));
    const before = await everything();
    expect(holders(before, phone).length).toBeGreaterThan(8);

    expect(await erase(phone)).toEqual({
      attempts: 2,
      payments: 2,
      callbacks: 3,
      notes: 3,
      references: 0,
      unopened: 0,
    });
    const after = await everything();
    expect(holders(after, phone)).toEqual([]);
    expect([...before.values()].join()).toContain(tailOf(phone));
    expect([...after.values()].join()).not.toContain(tailOf(phone));
    expect([...after.values()].join()).toContain(tailOf(other));
    expect([...after.values()].join()).not.toContain(seal.hash("phone", phone));
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [name, text] of before) {
      const held = holders(new Map([[name, text]]), phone).length > 0;
      if (!held && !text.includes(tailOf(phone))) expect(after.get(name), name).toBe(text);
    }
    expect(holders(after, other)).toEqual(holders(before, other));

    for (const { payment, attempt, inbox } of [failed, paid]) {
      const loaded = await store.payments.load(payment.id);
      expect(loaded?.payment).toEqual({
        ...payment,
        phoneTail: null,
        description: expect.not.stringContaining(phone.slice(-3)),
        metadata: { caller: "0000 000 000", cart: "7" },
        successUrl: "https://shop.co.ke/thanks?phone=254000000000",
      });
      expect(loaded?.attempts).toEqual([
        {
          ...attempt,
          phoneHash: expect.not.stringMatching(attempt.phoneHash),
          phoneTail: "****",
          checkoutRequestId: attempt.checkoutRequestId?.replace(phone.slice(3), "000000000"),
        },
      ]);
      const { environment, id } = attempt;
      const asked = attempt.checkoutRequestId ?? "";
      expect(await store.payments.attemptByCheckoutRequest(environment, asked)).toBe(id);
      expect(await store.inbox.known(id, inbox.digest)).toEqual({ id: inbox.id, applied: true });
      expect(await store.payments.ownerOf(id)).toEqual({ id: payment.id, phone: "erased" });
      expect(await store.payments.phoneOf(id)).toBeNull();
      expect(await store.payments.phoneOfPayment(payment.id)).toBeNull();
      expect(await store.story.evidence(payment.id)).toHaveLength(1);
    }
    expect(await store.payments.phoneOf(bystander.attempt.id)).toBe(other);
    expect(await store.payments.ownerOf(orphanId)).toBeNull();
    expect(await erase(phone)).toMatchObject({ attempts: 0, payments: 0, callbacks: 0, notes: 0 });
  });

  it("leaves every figure as it was, and finds nobody by the number any more", async () => {
    const [phone, merchant] = [samplePhone(), merchantId()];
    for (const state of SETTLED) await trace(phone, state, { merchant });
    await trace(samplePhone(), "failed", { merchant });
    const scope = { merchantId: merchant, environment: "simulator" as const };
    const filter = { ...scope, limit: 50 };
    const figures = async () => ({
      cells: await Promise.all(
        ROLLUP_KINDS.map((kind) => store.insight.cells(scope, kind, 0, nairobiDay(9e12))),
      ),
      totals: await store.payments.totals(filter),
      confirmed: await store.payments.totals({ ...filter, statuses: ["confirmed"] }),
      rows: (await store.payments.list(filter)).rows.map(({ payment, attempts }) => [
        payment.id,
        payment.status,
        payment.amountCents,
        payment.version,
        attempts.map(({ state, receipt, receivedCents }) => [state, receipt, receivedCents]),
      ]),
    });
    const before = await figures();
    await erase(phone);
    expect(await figures()).toEqual(before);
    expect((await store.payments.list({ ...filter, q: phone })).rows).toEqual([]);
    expect((await store.payments.list({ ...filter, phoneTail: phone.slice(-4) })).rows).toEqual([]);
  });

  it.each(OPEN_STATES)("touches no attempt that is %s", async (state) => {
    const phone = samplePhone();
    const { attempt } = await trace(phone, state);
    expect(await store.erasure.unsettled(phone)).toBe(1);
    expect(await store.erasure.blank("attempts", phone, "")).toEqual({ kind: "unsettled" });
    expect(await store.payments.phoneOf(attempt.id)).toBe(phone);
    expect((await store.payments.load(attempt.paymentId))?.attempts).toEqual([attempt]);
  });

  it("waits for a callback that is kept and not yet applied", async () => {
    const phone = samplePhone();
    const { attempt } = await trace(phone, "failed");
    expect(await store.erasure.unsettled(phone)).toBe(0);
    const row = sampleInbox(attempt.id, "{}", seal);
    await store.inbox.keep(row);
    expect(await store.erasure.unsettled(phone)).toBe(1);
    await store.inbox.markApplied(row.id, 7);
    expect(await store.erasure.unsettled(phone)).toBe(0);
  });

  it("does not bring the number back when a move was decided before the erasure", async () => {
    const phone = samplePhone();
    const { payment, attempt } = await trace(phone, "failed");
    await erase(phone);
    const late = sampleChange(payment, {
      attempts: [{ ...attempt, state: "confirmed", receipt: sampleReceipt() }],
    });
    expect(await store.payments.apply(late)).toEqual({ ok: true });
    expect(holders(await everything(), phone)).toEqual([]);
    const asked = attempt.checkoutRequestId ?? "";
    expect(await store.payments.attemptByCheckoutRequest("simulator", asked)).toBe(attempt.id);
  });

  it("says how many orders are named after the number, and leaves their names", async () => {
    const phone = samplePhone();
    const opened = samplePayment({ orderReference: `0${phone.slice(3)}`, amountCents: cents(100) });
    await store.payments.open(opened, sampleLine());
    expect(await erase(phone)).toMatchObject({ payments: 0, references: 1 });
    expect((await store.payments.load(opened.id))?.payment).toEqual(opened);
  });

  it("takes one of several people's numbers, in whatever spelling, and no other", async () => {
    const person = fc.record({
      tries: fc.array(fc.constantFrom(...SETTLED), { minLength: 1, maxLength: 2 }),
      spelling: fc.constantFrom(...SPELLINGS),
    });
    const people = fc.array(person, { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(people, async (all) => {
        const phones = all.map(samplePhone);
        for (const [index, { tries, spelling }] of all.entries()) {
          const phone = phones[index] as Phone;
          for (const state of tries) await trace(phone, state, { spelled: spelling(phone) });
        }
        const [gone, ...kept] = phones as [Phone, ...Phone[]];
        const before = await everything();
        await erase(gone);
        const after = await everything();
        expect(holders(after, gone)).toEqual([]);
        for (const phone of kept) {
          const rows = holders(before, phone);
          expect(holders(after, phone)).toEqual(rows);
          for (const name of rows) expect(after.get(name), name).toBe(before.get(name));
        }
      }),
      { seed: 20_261_128, numRuns: 6 },
    );
  });

  it("survives a new secret: digests and names of requests are kept where they cannot be remade", async () => {
    const phone = samplePhone();
    const { attempt, inbox } = await trace(phone, "failed");
    await erase(phone);
    const next = createSeal(Buffer.alloc(32, 2), [{ secret: OLD, retiredAt: null }]);
    await reseal(engine, next);
    const renewed = createStore(engine, next);
    expect(holders(await everything(next), phone)).toEqual([]);
    expect(await renewed.inbox.known(attempt.id, inbox.digest)).toMatchObject({ applied: true });
    const [loaded] = (await renewed.payments.load(attempt.paymentId))?.attempts ?? [];
    expect(loaded?.phoneHash).toBe(next.hash("phone", `erased ${attempt.id}`));
    expect(await renewed.payments.ownerOf(attempt.id)).toMatchObject({ phone: "erased" });
  });
});
