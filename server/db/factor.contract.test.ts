/** Second factors on both engines: what was used is used up, whoever asks at the same moment. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserId } from "../core/payment.ts";
import type { AuditEntry, Store } from "../ports.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { unique } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));

describe.each(["sqlite", "postgres"] as const)("second factors on %s", (dialect) => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-factor-"));
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

  const entry = (actor: UserId, action: AuditEntry["action"]): AuditEntry => ({
    at: 1,
    actor,
    action,
    target: null,
    details: {},
  });

  async function person(): Promise<UserId> {
    const id = `usr_${unique()}` as UserId;
    const user = { id, email: `${id}@b.ke`, passwordHash: "-", role: "owner" as const };
    await store.people.addUser({ ...user, createdAt: 1 });
    return id;
  }
  const confirm = (userId: UserId, secretSealed: string, hashes: readonly string[]) =>
    store.factors.confirm(
      { userId, secretSealed, step: 10, codeHashes: hashes, at: 5 },
      entry(userId, "second_factor_on"),
    );
  async function withFactor(hashes: readonly string[]): Promise<UserId> {
    const id = await person();
    await store.factors.begin(id, "sealed", 1);
    expect(await confirm(id, "sealed", hashes)).toBe(true);
    return id;
  }

  it("are begun as often as one likes, and confirmed as they were begun last", async () => {
    const id = await person();
    expect(await store.factors.of(id)).toBeNull();
    expect(await store.factors.begin(id, "first", 1)).toBe(true);
    expect(await store.factors.begin(id, "second", 2)).toBe(true);
    const begun = { secretSealed: "second", confirmedAt: null };
    expect(await store.factors.of(id)).toEqual(begun);
    expect(await store.factors.kinds(id)).toEqual([]);
    expect(await store.factors.spendStep(id, 99)).toBe(false);
    expect(await confirm(id, "first", [])).toBe(false);
    expect(await confirm(id, "second", [`${id}1`, `${id}2`])).toBe(true);
    expect(await store.factors.of(id)).toEqual({ ...begun, confirmedAt: 5 });
    expect(await store.factors.kinds(id)).toEqual(["app"]);
    expect(await store.factors.codesLeft(id)).toBe(2);
    expect(await store.factors.begin(id, "third", 6)).toBe(false);
    expect(await confirm(id, "second", [])).toBe(false);
  });

  it("take a step once, and none that is older", async () => {
    const id = await withFactor([]);
    expect(await store.factors.spendStep(id, 10)).toBe(false);
    const both = await Promise.all([
      store.factors.spendStep(id, 12),
      store.factors.spendStep(id, 12),
    ]);
    expect(both.sort()).toEqual([false, true]);
    expect(await store.factors.spendStep(id, 11)).toBe(false);
    expect(await store.factors.spendStep(id, 13)).toBe(true);
  });

  it("take a recovery code once, of its person only, until it is replaced", async () => {
    const [id, other] = [await withFactor(["a", "b"]), await withFactor([])];
    const spend = (who: UserId, hash: string) =>
      store.factors.spendCode(who, hash, 7, entry(who, "recovery_code_used"));
    expect(await spend(other, "a")).toBe(false);
    expect((await Promise.all([spend(id, "a"), spend(id, "a")])).sort()).toEqual([false, true]);
    expect(await store.factors.codesLeft(id)).toBe(1);
    await store.factors.renewCodes(id, ["c", "d"], entry(id, "recovery_codes_renewed"));
    expect(await store.factors.codesLeft(id)).toBe(2);
    expect([await spend(id, "b"), await spend(id, "c")]).toEqual([false, true]);
  });

  it("end with their codes, and can be begun again", async () => {
    const id = await withFactor(["e"]);
    const off = () => store.factors.remove(id, entry(id, "second_factor_off"));
    expect([await off(), await off()]).toEqual([true, false]);
    expect(await store.factors.of(id)).toBeNull();
    expect(await store.factors.codesLeft(id)).toBe(0);
    expect(await store.factors.begin(id, "anew", 9)).toBe(true);
    const actions = (await store.audit.list({ limit: 9, actor: id })).rows.map((row) => row.action);
    expect(actions).toEqual(["second_factor_off", "second_factor_on"]);
  });
});
