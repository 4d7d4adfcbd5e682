/** Passkeys on both engines: whose they are, how many, that a count never goes back, and what hangs on the last one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PASSKEYS_MAX } from "../../shared/passkey-rules.ts";
import type { UserId } from "../core/payment.ts";
import type { AuditEntry, Store } from "../ports.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { unique } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));

describe.each(["sqlite", "postgres"] as const)("passkeys on %s", (dialect) => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-passkey-"));
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
    const user = { id, email: `${id}@b.ke`, passwordHash: "-", role: "operator" as const };
    await store.people.addUser({ ...user, createdAt: 1 });
    return id;
  }
  const made = (userId: UserId, signCount = 0) => {
    const id = `psk_${unique()}`;
    const parts = { credentialId: `cred-${id}`, publicKey: "key", transports: ["internal", "usb"] };
    return { id, userId, ...parts, signCount, name: `Phone ${id}`, createdAt: 7 };
  };
  const add = (passkey: ReturnType<typeof made>, codes: readonly string[] | null) =>
    store.passkeys.add(passkey, codes, entry(passkey.userId, "passkey_added"));
  const remove = (userId: UserId, id: string) =>
    store.passkeys.remove(userId, id, entry(userId, "passkey_removed"));
  const use = (userId: UserId, id: string, signCount: number) =>
    store.passkeys.use(id, signCount, 9, entry(userId, "passkey_used"));

  it("are found by their credential, with their person, as they were kept", async () => {
    const userId = await person();
    const passkey = made(userId, 4_294_967_295);
    expect(await add(passkey, [`${userId}a`])).toBe("added");
    expect(await store.passkeys.of(userId)).toEqual([{ ...passkey, lastUsedAt: null }]);
    const found = await store.passkeys.byCredential(passkey.credentialId);
    expect(found?.passkey.signCount).toBe(4_294_967_295);
    expect(found?.user.id).toBe(userId);
    expect(await store.passkeys.byCredential("cred-nobody")).toBeNull();
    expect(await store.factors.kinds(userId)).toEqual(["passkey"]);
  });

  it("bring recovery codes with the first factor only, whoever asks at the same moment", async () => {
    const userId = await person();
    expect(await add(made(userId), null)).toBe("other_way");
    const both = await Promise.all([
      add(made(userId), [`${userId}a`, `${userId}b`]),
      add(made(userId), [`${userId}c`, `${userId}d`]),
    ]);
    expect(both.sort()).toEqual(["added", "other_way"]);
    expect(await store.factors.codesLeft(userId)).toBe(2);
    expect(await add(made(userId), null)).toBe("added");
    expect(await store.factors.codesLeft(userId)).toBe(2);
  });

  it("are kept once, and not without end", async () => {
    const [userId, other] = [await person(), await person()];
    const passkey = made(userId);
    expect(await add(passkey, [])).toBe("added");
    expect(await add({ ...made(other), credentialId: passkey.credentialId }, [])).toBe("taken");
    for (let n = 1; n < PASSKEYS_MAX; n += 1) expect(await add(made(userId), null)).toBe("added");
    expect(await add(made(userId), null)).toBe("full");
  });

  it("count upwards or not at all", async () => {
    const userId = await person();
    const [counting, silent] = [made(userId, 5), made(userId)];
    await add(counting, []);
    await add(silent, null);
    expect(await use(userId, counting.id, 5)).toBe(false);
    expect(await use(userId, counting.id, 0)).toBe(false);
    const both = await Promise.all([use(userId, counting.id, 8), use(userId, counting.id, 8)]);
    expect(both.sort()).toEqual([false, true]);
    expect([await use(userId, silent.id, 0), await use(userId, silent.id, 0)]).toEqual([
      true,
      true,
    ]);
    const [first] = await store.passkeys.of(userId);
    expect(first).toMatchObject({ signCount: 8, lastUsedAt: 9 });
    const rows = (await store.audit.list({ limit: 9, actor: userId, action: "passkey_used" })).rows;
    expect(rows).toHaveLength(3);
  });

  it("are named and removed by their own person only", async () => {
    const [userId, other] = [await person(), await person()];
    const passkey = made(userId);
    await add(passkey, []);
    const rename = (who: UserId) =>
      store.passkeys.rename(who, passkey.id, "Office", entry(who, "passkey_renamed"));
    expect([await rename(other), await rename(userId)]).toEqual([false, true]);
    expect((await store.passkeys.of(userId))[0]?.name).toBe("Office");
    expect([await remove(other, passkey.id), await remove(userId, passkey.id)]).toEqual([
      false,
      true,
    ]);
    expect(await remove(userId, passkey.id)).toBe(false);
    expect(await store.passkeys.byCredential(passkey.credentialId)).toBeNull();
  });

  it("leave the recovery codes while app or passkey is left, and take them along at the end", async () => {
    const userId = await person();
    const [one, two] = [made(userId), made(userId)];
    await add(one, [`${userId}a`]);
    await add(two, null);
    await store.factors.begin(userId, "sealed", 1);
    const confirmed = {
      userId,
      secretSealed: "sealed",
      step: 1,
      codeHashes: [`${userId}n`],
      at: 2,
    };
    await store.factors.confirm(confirmed, entry(userId, "second_factor_on"));
    expect(await store.factors.kinds(userId)).toEqual(["app", "passkey"]);
    await remove(userId, one.id);
    expect(await store.factors.codesLeft(userId)).toBe(1);
    await store.factors.remove(userId, entry(userId, "second_factor_off"));
    expect(await store.factors.codesLeft(userId)).toBe(1);
    await store.factors.begin(userId, "begun and never confirmed", 3);
    await remove(userId, two.id);
    expect(await store.factors.codesLeft(userId)).toBe(0);
    expect(await store.factors.kinds(userId)).toEqual([]);
  });

  it("go with their person", async () => {
    const userId = await person();
    const passkey = made(userId);
    await add(passkey, []);
    expect(await store.people.removePerson(userId, "operator", 10)).toBe("removed");
    expect(await store.passkeys.byCredential(passkey.credentialId)).toBeNull();
    expect(await store.passkeys.of(userId)).toEqual([]);
  });
});
