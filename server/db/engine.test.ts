/** What a commit promises, on both engines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Engine, must, run, type Template } from "./engine.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres, type PgConnection } from "./postgres.ts";
import { setSlots, slot } from "./slots.ts";
import { openSqlite } from "./sqlite.ts";

const insert: Template = (db, t) =>
  db.insert(t.pulse).values({ id: slot("id"), beats: slot("beats") });
const claim: Template = (db, t) =>
  db
    .insert(t.pulse)
    .values({ id: slot("id"), beats: slot("beats") })
    .onConflictDoNothing()
    .returning({ id: t.pulse.id });
const update: Template = (db, t) =>
  db
    .update(t.pulse)
    .set(setSlots(t.pulse, ["beats"]))
    .where(eq(t.pulse.id, slot("id")))
    .returning({ id: t.pulse.id });
const clear: Template = (db, t) => db.delete(t.pulse);
const readBeats: Template<{ beats: number }[]> = (db, t) =>
  db
    .select({ beats: t.pulse.beats })
    .from(t.pulse)
    .where(eq(t.pulse.id, slot("id")));

describe.each(["sqlite", "postgres"] as const)("a commit on %s", (dialect) => {
  let folder: string;
  let engine: Engine;
  let connection: PgConnection | null = null;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-engine-"));
    connection = dialect === "postgres" ? await pgliteConnection() : null;
    engine = await (connection === null
      ? openSqlite(join(folder, "lipia.db"))
      : openPostgres(connection));
  });
  beforeEach(async () => {
    await engine.commit([run(clear, {})]);
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const beats = async (id: number) => (await engine.read(readBeats, { id }))[0]?.beats ?? null;

  it("runs its statements in order", async () => {
    const result = await engine.commit([
      run(insert, { id: 1, beats: 1 }),
      must("version", run(update, { id: 1, beats: 2 })),
    ]);
    expect(result).toEqual({ ok: true });
    expect(await beats(1)).toBe(2);
  });

  it("undoes everything when a guard finds no row, and names the first such guard", async () => {
    const result = await engine.commit([
      run(insert, { id: 1, beats: 1 }),
      must("phone", run(update, { id: 99, beats: 2 })),
      must("order", run(update, { id: 98, beats: 2 })),
    ]);
    expect(result).toEqual({ ok: false, missed: "phone" });
    expect(await beats(1)).toBeNull();
  });

  it("undoes everything when a statement fails, and goes on working", async () => {
    const failing = engine.commit([
      run(insert, { id: 1, beats: 1 }),
      run(insert, { id: 1, beats: 2 }),
    ]);
    await expect(failing).rejects.toThrow();
    expect(await beats(1)).toBeNull();
    expect(await engine.commit([run(insert, { id: 1, beats: 3 })])).toEqual({ ok: true });
    expect(await beats(1)).toBe(3);
  });

  it("undoes everything when a value is missing", async () => {
    const failing = engine.commit([run(insert, { id: 1, beats: 1 }), run(insert, { id: 2 })]);
    await expect(failing).rejects.toThrow(/beats/);
    expect(await beats(1)).toBeNull();
  });

  it("lets one of many equal claims win", async () => {
    const claims = Array.from({ length: 20 }, (_, n) =>
      engine.commit([must("unique", run(claim, { id: 7, beats: n }))]),
    );
    const results = await Promise.all(claims);
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.missed === "unique")).toHaveLength(19);
  });

  it("refuses a guard whose statement cannot tell what it touched", async () => {
    const guarded = engine.commit([must("version", run(clear, {}))]);
    if (dialect === "sqlite") await expect(guarded).rejects.toThrow(/returns rows/);
    else expect(await guarded).toEqual({ ok: false, missed: "version" });
  });

  it("keeps strangers' writes out of a transaction that is undone", async () => {
    const [undone, kept] = await Promise.all([
      engine.commit([
        run(insert, { id: 1, beats: 1 }),
        must("order", run(update, { id: 9, beats: 1 })),
      ]),
      engine.commit([run(insert, { id: 2, beats: 1 })]),
    ]);
    expect([undone.ok, kept.ok]).toEqual([false, true]);
    expect([await beats(1), await beats(2)]).toEqual([null, 1]);
  });

  it("refuses a database that a newer Lipia wrote", async () => {
    if (connection === null) return;
    await connection.transaction((query) =>
      query(
        "insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 9999999999999)",
        [],
      ),
    );
    await expect(openPostgres(connection)).rejects.toThrow(/newer version/);
  });
});
