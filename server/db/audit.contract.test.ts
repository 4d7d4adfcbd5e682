/** The audit log on both engines: rows in one commit with what they record, and a chain that tells on whoever touches it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MerchantId, UserId } from "../core/payment.ts";
import type { AuditEntry, Store } from "../ports.ts";
import { type Engine, run } from "./engine.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { sampleChange, sampleLine, samplePayment } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { reseal } from "./sealing.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));
const owner = "usr_owner" as UserId;

function entry(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: 1_000,
    actor: owner,
    action: "key_created",
    target: "key_1",
    details: { kind: "secret", tail: "ab12" },
    ...over,
  };
}

describe.each(["sqlite", "postgres"] as const)("the audit log on %s", (dialect) => {
  let folder: string;
  let engine: Engine;
  let store: Store;
  const open = (): Promise<Engine> =>
    dialect === "sqlite"
      ? openSqlite(join(folder, "lipia.db"))
      : pgliteConnection(join(folder, "pg")).then(openPostgres);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-audit-"));
    engine = await open();
    store = createStore(engine, seal);
  });
  // One database for all, since opening PGlite takes seconds; each test begins with an empty log.
  beforeEach(() => engine.commit([run((db, t) => db.delete(t.audit), {})]));
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = async (count: number, by: Store = store): Promise<void> => {
    for (let n = 0; n < count; n += 1) await by.audit.append(entry({ target: `key_${n}` }));
  };
  /** Does to the database what only somebody at its file can do. */
  const tamper = (text: string): Promise<unknown> =>
    engine.commit([
      run(
        (db, t) =>
          db
            .update(t.audit)
            .set({ [text]: "x" })
            .where(sql`id like '%3'`),
        {},
      ),
    ]);
  const remove = (id: string): Promise<unknown> =>
    engine.commit([run((db, t) => db.delete(t.audit).where(sql`${t.audit.id} = ${id}`), {})]);

  it("gives back what was said, newest first, in pages", async () => {
    const details = { count: 3, whole: true, nobody: null, ключ: "\"'\u2028" };
    await store.audit.append(entry({ details, at: 5 }));
    await store.audit.append(entry({ actor: "command", action: "secret_rotated", target: null }));
    await store.audit.append(entry({ at: 2_000 }));
    const all = await store.audit.list({ limit: 10 });
    expect(all.hasMore).toBe(false);
    expect(all.rows.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(all.rows[2]).toEqual({
      actorName: null,
      targetName: null,
      ...entry({ details, at: 5 }),
      number: 1,
      hash: expect.any(String),
    });
    const first = await store.audit.list({ limit: 2 });
    expect([first.rows.length, first.hasMore]).toEqual([2, true]);
    const rest = await store.audit.list({ limit: 2, before: 2 });
    expect([rest.rows.map(({ number }) => number), rest.hasMore]).toEqual([[1], false]);
    const commands = await store.audit.list({ limit: 9, actor: "command" });
    expect(commands.rows.map(({ action }) => action)).toEqual(["secret_rotated"]);
    const keys = await store.audit.list({ limit: 9, action: "key_created", before: 3 });
    expect(keys.rows.map(({ number }) => number)).toEqual([1]);
  });

  it("names people, also those who were removed since", async () => {
    const user = { id: "usr_gone" as UserId, email: "gone@shop.co.ke", passwordHash: "-" };
    await store.people.addUser({ ...user, role: "viewer", createdAt: 1 });
    await store.audit.append(entry({ actor: user.id, target: user.id, action: "person_joined" }));
    await store.people.removePerson(user.id, "viewer", 2);
    const [row] = (await store.audit.list({ limit: 1 })).rows;
    expect(row).toMatchObject({ actorName: user.email, targetName: user.email });
    expect(await store.audit.people()).toContainEqual({ id: user.id, name: user.email });
  });

  it("never dates a row before the one it follows (I22)", async () => {
    await store.audit.append(entry({ at: 9_000 }));
    await store.audit.append(entry({ at: 4_000 }));
    const { rows } = await store.audit.list({ limit: 2 });
    expect(rows.map(({ at }) => at)).toEqual([9_000, 9_000]);
  });

  it("verifies from the first row, in steps (I21)", async () => {
    expect(await store.audit.verify(0, 10)).toEqual({ checkedTo: 0, broken: null });
    await write(5);
    expect(await store.audit.verify(0, 2)).toEqual({ checkedTo: 2, broken: null });
    expect(await store.audit.verify(2, 2)).toEqual({ checkedTo: 4, broken: null });
    expect(await store.audit.verify(4, 2)).toEqual({ checkedTo: 5, broken: null });
    expect(await store.audit.verify(5, 2)).toEqual({ checkedTo: 5, broken: null });
    const head = await store.audit.head();
    expect(head.number).toBe(5);
    expect(await store.audit.numberOfHash(head.hash)).toBe(5);
    expect(await store.audit.numberOfHash("0".repeat(64))).toBeNull();
  });

  it.each([
    ["actor", "changed"],
    ["action", "changed"],
    ["target", "changed"],
    ["details", "changed"],
    ["hash", "changed"],
    ["previousHash", "unlinked"],
    ["hashSealed", "unsealed"],
  ])("names the row whose %s somebody changed", async (column, fault) => {
    await write(5);
    await tamper(column);
    expect(await store.audit.verify(0, 10)).toEqual({
      checkedTo: 2,
      broken: { row: 3, fault },
    });
  });

  it("names the row that somebody took away, also the first", async () => {
    await write(5);
    await remove("000000000004");
    expect((await store.audit.verify(0, 10)).broken).toEqual({ row: 4, fault: "missing" });
    expect((await store.audit.verify(4, 10)).broken).toEqual({ row: 4, fault: "missing" });
    await remove("000000000001");
    expect((await store.audit.verify(0, 10)).broken).toEqual({ row: 1, fault: "missing" });
  });

  it("knows a whole chain that was written without the secret", async () => {
    await write(2, createStore(engine, createSeal(Buffer.alloc(32, 7))));
    expect((await store.audit.verify(0, 10)).broken).toEqual({ row: 1, fault: "unsealed" });
  });

  it("verifies under another secret after a rotation, and keeps its hashes", async () => {
    await write(3);
    const before = await store.audit.head();
    const next = Buffer.alloc(32, 2);
    const ring = createSeal(next, [{ secret: Buffer.alloc(32, 1), retiredAt: null }]);
    await reseal(engine, ring);
    const renewed = createStore(engine, createSeal(next));
    expect(await renewed.audit.head()).toEqual(before);
    expect(await renewed.audit.verify(0, 10)).toEqual({ checkedTo: 3, broken: null });
    expect((await store.audit.verify(0, 10)).broken?.fault).toBe("unsealed");
  });

  it("makes one chain of what two writers race to append", async () => {
    const other = createStore(engine, seal);
    await Promise.all([...Array(20)].flatMap(() => [write(1), write(1, other)]));
    expect(await store.audit.verify(0, 100)).toEqual({ checkedTo: 40, broken: null });
  });

  it("is written with what it records, or not at all", async () => {
    const merchant = {
      id: "mer_1" as MerchantId,
      environment: "simulator" as const,
      name: "Shop",
      shortcode: "174379",
      allowedOrigins: [],
      pausedAt: null,
    };
    await store.merchants.ensureDefault(merchant);
    const change = entry({ action: "origins_changed", target: merchant.id, details: { count: 1 } });
    expect(await store.merchants.setOrigins(merchant.id, ["https://a.ke"], [], change)).toBe(true);
    expect(await store.merchants.setOrigins(merchant.id, ["https://b.ke"], [], change)).toBe(false);
    expect((await store.audit.head()).number).toBe(1);
    const user = { id: owner, email: "a@b.ke", passwordHash: "-", role: "owner" as const };
    const added = entry({ action: "user_added", target: owner });
    expect(await store.people.addUser({ ...user, createdAt: 1 }, added)).toBe("added");
    expect(await store.people.addUser({ ...user, createdAt: 1 }, added)).toBe("taken");
    expect((await store.audit.head()).number).toBe(2);
  });

  it("stands in the transaction that moves a payment", async () => {
    const payment = samplePayment();
    await store.payments.open(payment, sampleLine());
    const change = sampleChange(payment);
    const both = await Promise.all([
      store.payments.apply(change, { audit: entry({ target: payment.id }) }),
      store.payments.apply(change, { audit: entry({ target: payment.id }) }),
    ]);
    expect(both).toContainEqual({ ok: true });
    expect(both).toContainEqual({ ok: false, missed: "version" });
    expect((await store.audit.list({ limit: 9 })).rows.map(({ target }) => target)).toEqual([
      payment.id,
    ]);
  });
});
