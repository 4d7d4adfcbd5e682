/** Notes, raw callbacks and evidence of one payment, on both engines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Attempt, Payment, UserId } from "../core/payment.ts";
import type { AuditEntry, Note, Store, StoredCall } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import {
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
const userId = "usr_wanjiru" as UserId;

describe.each(["sqlite", "postgres"] as const)("a payment's story on %s", (dialect) => {
  let folder: string;
  let engine: Engine;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-story-"));
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

  async function prompted(): Promise<{ payment: Payment; attempt: Attempt }> {
    const opened = samplePayment();
    const phone = samplePhone();
    await store.payments.open(opened, sampleLine());
    const attempt = sampleAttempt(opened, phone, seal, { state: "pending" });
    const change = sampleChange(opened, { created: attempt });
    expect(await store.payments.apply(change, { phone })).toEqual({ ok: true });
    return { payment: change.payment, attempt };
  }

  function noteOn({ id: paymentId, environment }: Payment, text: string): Note {
    const id = `nte_${String(unique()).padStart(8, "0")}`;
    return { id, paymentId, environment, at: 5, userId, author: "w@shop.co.ke", text };
  }
  const written = (target: string): AuditEntry => ({
    at: 5,
    actor: userId,
    action: "note_added",
    target,
    details: {},
  });

  it("keeps notes of one payment in the order of writing, and audits each", async () => {
    const [{ payment }, { payment: other }] = [await prompted(), await prompted()];
    const notes = [noteOn(payment, "She called: 0712 345 678"), noteOn(payment, "Ana risiti. 🙂")];
    for (const note of notes) await store.story.addNote(note, written(payment.id));
    await store.story.addNote(noteOn(other, "elsewhere"), written(other.id));
    expect(await store.story.notes(payment.id)).toEqual(notes);
    const { rows } = await store.audit.list({ limit: 10, action: "note_added" });
    const targets = rows.map(({ target }) => target);
    expect(targets).toEqual([other.id, payment.id, payment.id]);
  });

  it("seals what was written", async () => {
    const { payment } = await prompted();
    await store.story.addNote(noteOn(payment, "0712 345 678"), written(payment.id));
    const rows = await engine.read((db, t) => db.select().from(t.notes), {});
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain("0712 345 678");
  });

  it("refuses a note twice, and then audits nothing", async () => {
    const { payment } = await prompted();
    const note = noteOn(payment, "once");
    await store.story.addNote(note, written(payment.id));
    const head = await store.audit.head();
    await expect(store.story.addNote(note, written(payment.id))).rejects.toThrow();
    expect(await store.audit.head()).toEqual(head);
    expect(await store.story.notes(payment.id)).toHaveLength(1);
  });

  it("gives the raw callbacks of a payment's attempts, and of no other", async () => {
    const [one, other] = [await prompted(), await prompted()];
    const first = sampleInbox(one.attempt.id, '{"Body":1}', seal);
    const second = { ...sampleInbox(one.attempt.id, '{"Body":2}', seal), receivedAt: 1_000_001 };
    await store.inbox.keep(second);
    await store.inbox.keep(first);
    await store.inbox.keep(sampleInbox(other.attempt.id, '{"Body":3}', seal));
    await store.inbox.markApplied(first.id, 7);
    expect(await store.story.callbacks(one.payment.id)).toEqual([
      { ...first, body: '{"Body":1}', appliedAt: 7 },
      { ...second, body: '{"Body":2}', appliedAt: null },
    ]);
  });

  it("gives the calls about a payment's attempts in the order they were made, sealed at rest", async () => {
    const [one, other] = [await prompted(), await prompted()];
    const callOn = ({ attempt }: typeof one, over: Partial<StoredCall> = {}): StoredCall => ({
      id: `dcl_${String(unique()).padStart(8, "0")}`,
      attemptId: attempt.id,
      call: "push",
      at: 10,
      tookMs: 420,
      sent: '{"PhoneNumber":"254712345678"}',
      status: 200,
      answer: '{"ResponseCode":"0"}',
      fault: null,
      ...over,
    });
    const asked = callOn(one, {
      call: "query",
      at: 20,
      status: null,
      answer: null,
      fault: "ECONNRESET",
    });
    const pushed = callOn(one);
    await store.story.keepCalls("simulator", [asked, pushed, callOn(other)]);
    expect(await store.story.calls(one.payment.id)).toEqual([pushed, asked]);
    const rows = await engine.read((db, t) => db.select().from(t.darajaCalls), {});
    expect(JSON.stringify(rows)).not.toContain("254712345678");
  });

  it("gives the evidence of a payment's attempts, as it was stored", async () => {
    const [{ payment, attempt }, other] = [await prompted(), await prompted()];
    const receipt = sampleReceipt();
    const evidence = [
      sampleEvidence(attempt, { evidenceClass: "E2", success: false, at: 1, receipt: null }),
      sampleEvidence(attempt, { evidenceClass: "E4", at: 2, receipt, detail: { by: "w@x" } }),
    ];
    await store.payments.apply(sampleChange(payment, { evidence }));
    const more = [sampleEvidence(other.attempt)];
    await store.payments.apply(sampleChange(other.payment, { evidence: more }));
    expect(await store.story.evidence(payment.id)).toEqual(evidence);
  });

  it("has nothing to tell of a payment that nothing happened to", async () => {
    const { id } = samplePayment();
    const { story } = store;
    expect(await story.notes(id)).toEqual([]);
    expect(await story.callbacks(id)).toEqual([]);
    expect(await story.calls(id)).toEqual([]);
    expect(await story.evidence(id)).toEqual([]);
  });
});
