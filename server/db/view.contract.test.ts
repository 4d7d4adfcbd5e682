/** Saved views on both engines: each is one person's, and no person has too many. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VIEWS_MAX } from "../../shared/view-limits.ts";
import type { UserId } from "../core/payment.ts";
import type { Store } from "../ports.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { unique } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));

describe.each(["sqlite", "postgres"] as const)("saved views on %s", (dialect) => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-view-"));
    const engine =
      dialect === "sqlite"
        ? await openSqlite(join(folder, "lipia.db"))
        : await pgliteConnection().then(openPostgres);
    store = createStore(engine, seal);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function person(): Promise<UserId> {
    const id = `usr_${unique()}` as UserId;
    const user = { id, email: `${id}@b.ke`, passwordHash: "-", role: "viewer" as const };
    await store.people.addUser({ ...user, createdAt: 1 });
    return id;
  }
  const save = (userId: UserId, name: string, query = "status=failed") =>
    store.views.save({ id: `viw_${unique()}`, userId, name, query, createdAt: 1 });
  const namesOf = async (userId: UserId) => (await store.views.of(userId)).map(({ name }) => name);

  it("are listed by name, each to its own person", async () => {
    const [one, other] = [await person(), await person()];
    expect(await save(one, "weekend")).toBe("saved");
    expect(await save(one, "Lost sales")).toBe("saved");
    expect(await save(other, "Weekend")).toBe("saved");
    expect(await namesOf(one)).toEqual(["Lost sales", "weekend"]);
    expect(await namesOf(other)).toEqual(["Weekend"]);
  });

  it("take a name once, however it is written: the same again is that view anew", async () => {
    const id = await person();
    await save(id, "École");
    const [first] = await store.views.of(id);
    await save(id, "E\u0301COLE", "status=open");
    const anew = { id: first?.id, name: "E\u0301COLE", query: "status=open" };
    expect(await store.views.of(id)).toEqual([anew]);
  });

  it("stay within their number, also when several are saved at once", async () => {
    const id = await person();
    const names = Array.from({ length: VIEWS_MAX + 3 }, (_, n) => `View ${n}`);
    const outcomes = await Promise.all(names.map((name) => save(id, name)));
    expect(outcomes.filter((outcome) => outcome === "full")).toHaveLength(3);
    const kept = await namesOf(id);
    expect(kept).toHaveLength(VIEWS_MAX);
    expect(await save(id, kept[0]?.toUpperCase() ?? "", "status=open")).toBe("saved");
    expect(await namesOf(id)).toHaveLength(VIEWS_MAX);
    expect(await save(await person(), "View 0")).toBe("saved");
  });

  it("are deleted by their own person only, and once", async () => {
    const [one, other] = [await person(), await person()];
    await save(one, "Mine");
    const id = (await store.views.of(one))[0]?.id ?? "";
    expect(await store.views.remove(other, id)).toBe(false);
    expect(await namesOf(one)).toEqual(["Mine"]);
    expect(await store.views.remove(one, id)).toBe(true);
    expect(await store.views.remove(one, id)).toBe(false);
  });

  it("go with their person, and nobody who was removed saves more", async () => {
    const [gone, stays] = [await person(), await person()];
    await save(gone, "Mine");
    await save(stays, "Mine");
    expect(await store.people.removePerson(gone, "viewer", 5)).toBe("removed");
    expect(await store.views.of(gone)).toEqual([]);
    expect(await namesOf(stays)).toEqual(["Mine"]);
    expect(await save(gone, "Again")).toBe("gone");
  });
});
