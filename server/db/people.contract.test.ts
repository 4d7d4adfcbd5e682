/** Roles, removal, invitations and sessions: what the store of people must hold on both engines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { UserRole } from "../../shared/permissions.ts";
import type { Invitation, Store, User } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { unique } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));
type Fresh = User & { createdAt: number };

describe.each(["sqlite", "postgres"] as const)("people on %s", (dialect) => {
  let folder: string;
  let engine: Engine;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-people-"));
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
  beforeEach(async () => {
    await engine.commit([
      { template: (db, t) => db.delete(t.invitations), params: {}, guard: null },
      { template: (db, t) => db.delete(t.sessions), params: {}, guard: null },
      { template: (db, t) => db.delete(t.users), params: {}, guard: null },
    ]);
  });

  async function add(role: UserRole, over: Partial<Fresh> = {}): Promise<User> {
    const n = unique();
    const id = `usr_${n}` as User["id"];
    const { createdAt, ...user } = {
      ...{ id, email: `p${n}@example.co.ke`, passwordHash: "$argon2id$", role, createdAt: n },
      ...over,
    };
    expect(await store.people.addUser({ ...user, createdAt })).toBe("added");
    return user;
  }
  const roles = async () => (await store.people.everybody()).map(({ role }) => role);

  it("are listed in the order they came, without their passwords", async () => {
    const owner = await add("owner");
    const viewer = await add("viewer");
    const listed = await store.people.everybody();
    expect(listed.map(({ id }) => id)).toEqual([owner.id, viewer.id]);
    expect(JSON.stringify(listed)).not.toContain("argon2id");
    expect(await store.people.personById(viewer.id)).toEqual(listed[1]);
    expect(listed[1]?.lastSeenAt).toBeNull();
  });

  it("get another role, unless somebody was quicker", async () => {
    await add("owner");
    const { id } = await add("viewer");
    expect(await store.people.changeRole(id, "viewer", "operator")).toBe("changed");
    expect(await store.people.changeRole(id, "viewer", "owner")).toBe("stale");
    expect((await store.people.personById(id))?.role).toBe("operator");
  });

  it("always have one owner, also when two of them act on each other at once", async () => {
    const [one, two] = [await add("owner"), await add("owner")];
    const outcomes = await Promise.all([
      store.people.changeRole(one.id, "owner", "viewer"),
      store.people.removePerson(two.id, "owner", 5),
    ]);
    expect([...outcomes].sort()).toEqual(["changed", "last_owner"]);
    expect(await roles()).toContain("owner");
    const last = (await store.people.everybody()).find(({ role }) => role === "owner");
    if (last === undefined) throw new Error("no owner is left");
    expect(await store.people.removePerson(last.id, "owner", 6)).toBe("last_owner");
    expect(await store.people.changeRole(last.id, "owner", "manager")).toBe("last_owner");
  });

  it("are nobody once removed, with their sessions and invitations, and may come again", async () => {
    await add("owner");
    const manager = await add("manager");
    await store.people.openSession(session("hash", manager));
    await store.people.invite(invitation({ invitedBy: manager.id, tokenHash: "t" }));
    expect(await store.people.removePerson(manager.id, "viewer", 5)).toBe("stale");
    expect(await store.people.removePerson(manager.id, "manager", 5)).toBe("removed");
    expect(await store.people.sessionByHash("hash", 50)).toBeNull();
    expect(await store.people.invitationByHash("t", 50)).toBeNull();
    expect(await store.people.userByEmail(manager.email)).toBeNull();
    expect(await store.people.personById(manager.id)).toBeNull();
    expect(await store.people.countUsers()).toBe(1);
    expect(await store.people.removePerson(manager.id, "manager", 6)).toBe("stale");
    await add("viewer", { email: manager.email });
    expect((await store.people.userByEmail(manager.email))?.role).toBe("viewer");
  });

  it("cannot open a session after their removal", async () => {
    await add("owner");
    const viewer = await add("viewer");
    await store.people.removePerson(viewer.id, "viewer", 5);
    await store.people.openSession(session("late", viewer));
    expect(await store.people.sessionByHash("late", 50)).toBeNull();
  });

  it("lose the invitations they made when their role changes", async () => {
    await add("owner");
    const manager = await add("manager");
    await store.people.invite(invitation({ invitedBy: manager.id }));
    await store.people.changeRole(manager.id, "manager", "viewer");
    expect(await store.people.invitations(50)).toEqual([]);
  });

  it("get another password", async () => {
    const { id, email } = await add("owner");
    await store.people.setPassword(id, "another hash");
    expect((await store.people.userByEmail(email))?.passwordHash).toBe("another hash");
  });

  const session = (idHash: string, { id }: User, at = 10) => ({
    idHash,
    userId: id,
    createdAt: at,
    expiresAt: 100,
    device: "Chrome, Android",
  });

  it("have sessions, the one used last first, which end alone or together", async () => {
    const [asha, juma] = [await add("owner"), await add("viewer")];
    for (const [hash, at] of Object.entries({ one: 10, two: 20, three: 30 })) {
      await store.people.openSession(session(hash, asha, at));
    }
    await store.people.openSession(session("other", juma));
    await store.people.extendSession("one", 90, 40);
    const names = async (user: User, at = 50) =>
      (await store.people.sessionsOf(user.id, at)).map(({ id }) => id);
    expect(await names(asha)).toEqual(["one", "three", "two"]);
    expect(await names(asha, 95)).toEqual(["three", "two"]);
    expect((await store.people.sessionsOf(asha.id, 50))[0]).toEqual({
      id: "one",
      userId: asha.id,
      createdAt: 10,
      expiresAt: 90,
      usedAt: 40,
      provedAt: null,
      device: "Chrome, Android",
    });
    expect((await store.people.personById(asha.id))?.lastSeenAt).toBe(40);
    await store.people.endSessionsOf(asha.id, "two");
    expect([await names(asha), await names(juma)]).toEqual([["two"], ["other"]]);
    await store.people.endSessionsOf(asha.id, null);
    expect([await names(asha), await names(juma)]).toEqual([[], ["other"]]);
  });

  const invitation = (over: Partial<Invitation & { tokenHash: string }> = {}) => {
    const n = unique();
    return {
      id: `inv_${n}`,
      email: `i${n}@example.co.ke`,
      role: "operator" as const,
      invitedBy: "usr_none" as User["id"],
      tokenHash: `hash ${n}`,
      createdAt: 20,
      expiresAt: 100,
      ...over,
    };
  };

  it("are invited, the newest link of an address alone being good, until its time is over", async () => {
    const { id: invitedBy } = await add("owner");
    const first = invitation({ invitedBy });
    const other = invitation({ invitedBy, createdAt: 21, expiresAt: 40 });
    const again = invitation({ invitedBy, createdAt: 22, email: first.email });
    for (const one of [first, other, again]) await store.people.invite(one);
    expect((await store.people.invitations(30)).map(({ id }) => id)).toEqual([again.id, other.id]);
    expect((await store.people.invitations(40)).map(({ id }) => id)).toEqual([again.id]);
    expect(await store.people.invitationByHash(first.tokenHash, 30)).toBeNull();
    expect(await store.people.invitationByHash(other.tokenHash, 40)).toBeNull();
    const { tokenHash: _, ...seen } = again;
    expect(await store.people.invitationByHash(again.tokenHash, 30)).toEqual(seen);
    await store.people.invite(invitation({ invitedBy, createdAt: 45, expiresAt: 50 }));
    expect(await store.people.revokeInvitation(other.id)).toBe(false);
    expect(await store.people.revokeInvitation(again.id)).toBe(true);
    expect(await store.people.revokeInvitation(again.id)).toBe(false);
    expect(await store.people.invitationByHash(again.tokenHash, 30)).toBeNull();
  });

  it("come in by an invitation once", async () => {
    const { id: invitedBy } = await add("owner");
    const { tokenHash, email, role } = invitation({ invitedBy });
    await store.people.invite(invitation({ invitedBy, tokenHash, email }));
    const joining = (id: string, at = 30) =>
      store.people.acceptInvitation(tokenHash, {
        ...{ id: id as User["id"], email, role, passwordHash: "hash", createdAt: at },
      });
    expect(await joining("usr_late", 100)).toBe("gone");
    const outcomes = await Promise.all([joining("usr_a"), joining("usr_b")]);
    expect([...outcomes].sort()).toEqual(["added", "gone"]);
    expect((await roles()).toSorted()).toEqual(["operator", "owner"]);
  });

  it("keep their invitation when the address has come in by another way", async () => {
    const { id: invitedBy, email } = await add("owner");
    const { tokenHash, ...rest } = invitation({ invitedBy, email });
    await store.people.invite({ ...rest, tokenHash });
    const user = { id: "usr_x" as User["id"], email, passwordHash: "h", role: "viewer" } as const;
    expect(await store.people.acceptInvitation(tokenHash, { ...user, createdAt: 30 })).toBe(
      "taken",
    );
    expect(await store.people.countUsers()).toBe(1);
    expect(await store.people.invitationByHash(tokenHash, 30)).not.toBeNull();
  });
});
