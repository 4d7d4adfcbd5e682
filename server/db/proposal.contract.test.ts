/** Proposals on both engines: one a payment, for a day at most, and each carried out once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { AttemptId, MerchantId, PaymentId, UserId } from "../core/payment.ts";
import type { AuditEntry, Proposal, Store } from "../ports.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { samplePayment, unique } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const DAY_MS = 86_400_000;
const AUDIT: AuditEntry = {
  at: 1,
  actor: "usr_one" as UserId,
  action: "decision_proposed",
  target: null,
  details: {},
};

describe.each(["sqlite", "postgres"] as const)("proposals on %s", (dialect) => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-proposal-"));
    const engine =
      dialect === "sqlite"
        ? await openSqlite(join(folder, "lipia.db"))
        : await pgliteConnection().then(openPostgres);
    store = createStore(engine, createSeal(Buffer.alloc(32, 1)));
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function payment() {
    const id = `pay_${unique()}` as PaymentId;
    const made = samplePayment({ id, orderReference: id });
    const line = { at: made.createdAt, kind: "opened", attemptId: null, from: null, to: null };
    await store.payments.open(made, { ...line, status: "open", detail: {} } as Parameters<
      Store["payments"]["open"]
    >[1]);
    return made;
  }
  async function proposal(more: Partial<Proposal> = {}): Promise<Proposal> {
    const { id: paymentId, merchantId, environment } = await payment();
    return {
      id: `prp_${unique()}`,
      ...{ paymentId, merchantId, environment, action: "confirm" },
      attemptId: "a1" as AttemptId,
      receipt: "UKO7A1B2C3" as Receipt,
      amountCents: cents(25_000_000),
      otherDay: "unseen",
      reason: "seen in the statement",
      proposedBy: "usr_one" as UserId,
      proposer: "one@b.ke",
      ...{ createdAt: 1_000, expiresAt: 1_000 + DAY_MS },
      ...more,
    };
  }
  const propose = (wish: Proposal) => store.proposals.propose(wish, AUDIT);

  it("stand one a payment, whoever asks at the same moment", async () => {
    const one = await proposal();
    const other = { ...one, id: `prp_${unique()}`, proposedBy: "usr_two" as UserId };
    const both = await Promise.all([propose(one), propose(other)]);
    expect([...both].sort()).toEqual([false, true]);
    const kept = await store.proposals.ofPayment(one.paymentId, 2_000);
    expect(kept).toEqual(both[0] ? one : other);
  });

  it("end after their time, and make room then", async () => {
    const one = await proposal();
    await propose(one);
    expect(await store.proposals.ofPayment(one.paymentId, one.expiresAt - 1)).toEqual(one);
    expect(await store.proposals.ofPayment(one.paymentId, one.expiresAt)).toBeNull();
    const next = { ...one, id: `prp_${unique()}`, createdAt: one.expiresAt, expiresAt: 9 * DAY_MS };
    expect(await propose(next)).toBe(true);
  });

  it("are told for one merchant and environment, the newest first", async () => {
    const merchantId = `mer_${unique()}` as MerchantId;
    const [old, young, far] = [
      await proposal({ merchantId, createdAt: 1 }),
      await proposal({ merchantId, createdAt: 5 }),
      await proposal({ merchantId, environment: "production" }),
    ];
    for (const one of [old, young, far]) expect(await propose(one)).toBe(true);
    const { environment } = old;
    const waiting = (limit: number) =>
      store.proposals.waiting({ merchantId, environment }, 2_000, limit);
    expect(await waiting(9)).toEqual([young, old]);
    expect(await waiting(1)).toEqual([young]);
  });

  it("are ended once", async () => {
    const one = await proposal();
    await propose(one);
    const both = await Promise.all([
      store.proposals.end(one.id, AUDIT),
      store.proposals.end(one.id, AUDIT),
    ]);
    expect(both.sort()).toEqual([false, true]);
    expect(await store.proposals.ofPayment(one.paymentId, 2_000)).toBeNull();
  });

  it("go with the change that carries them out, or neither happens", async () => {
    const one = await proposal();
    await propose(one);
    const loaded = await store.payments.load(one.paymentId);
    if (loaded === null) throw new Error("no such payment");
    const change = (version: number) => ({
      kind: "change" as const,
      payment: { ...loaded.payment, version },
      attempts: [],
      created: null,
      timeline: [],
      evidence: [],
      alarm: null,
    });
    const missed = await store.payments.apply(change(loaded.payment.version + 5), {
      proposal: one.id,
    });
    expect(missed).toEqual({ ok: false, missed: "version" });
    expect(await store.proposals.ofPayment(one.paymentId, 2_000)).toEqual(one);
    const moved = change(loaded.payment.version + 1);
    expect(await store.payments.apply(moved, { proposal: one.id })).toEqual({ ok: true });
    expect(await store.proposals.ofPayment(one.paymentId, 2_000)).toBeNull();
    const again = change(loaded.payment.version + 2);
    expect(await store.payments.apply(again, { proposal: one.id })).toEqual({
      ok: false,
      missed: "proposal",
    });
    expect((await store.payments.load(one.paymentId))?.payment.version).toBe(
      loaded.payment.version + 1,
    );
  });

  it("are wanted from an amount that is set where it stands as it was read", async () => {
    const id = "mer_rule" as MerchantId;
    const shop = { name: "Shop", shortcode: "600000", allowedOrigins: [], pausedAt: null };
    await store.merchants.ensureDefault({ id, environment: "sandbox", ...shop });
    const set = (from: number | null, was: number | null) =>
      store.merchants.setTwoPerson(
        id,
        from === null ? null : cents(from),
        was === null ? null : cents(was),
        AUDIT,
      );
    const now = async () => (await store.merchants.byId(id))?.twoPersonFrom;
    expect(await now()).toBeNull();
    expect([await set(100, 5), await set(100, null), await set(200, null)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(await now()).toBe(100);
    expect([await set(null, 100), await now()]).toEqual([true, null]);
  });
});
