/** Alerts by e-mail on both engines: told once, one mail at a time, gone with the person. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MailKind } from "../../shared/alert-words.ts";
import type { AlertMatter } from "../core/alerts.ts";
import type { MerchantId, UserId } from "../core/payment.ts";
import type { Store } from "../ports.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { sampleLine, samplePayment, unique } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));
const BROKEN = { fault: "later", said: "451 come back" } as const;

describe.each(["sqlite", "postgres"] as const)("alerts by e-mail on %s", (dialect) => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-alert-"));
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

  async function person(kinds: readonly MailKind[] = ["doubt", "review"]): Promise<UserId> {
    const id = `usr_${unique()}` as UserId;
    const user = { id, email: `${id}@b.ke`, passwordHash: "-", role: "viewer" as const };
    await store.people.addUser({ ...user, createdAt: 1 });
    expect(await choose(id, kinds)).toBe(true);
    return id;
  }
  const choose = (id: UserId, kinds: readonly MailKind[]) =>
    store.alerts.choose(
      id,
      { kinds, locale: "sw" },
      { at: 1, actor: id, action: "mail_alerts_changed", target: null, details: {} },
    );
  const silence = (n = unique()): AlertMatter => {
    const merchantId = "mer_kiosk" as MerchantId;
    return { kind: "callbacks", key: `callbacks ${n}`, merchantId, payment: null, fault: null };
  };
  const gather = async (id: UserId, at: number, since = 0) => {
    const mailId = `mail_${unique()}`;
    return (await store.alerts.gather(id, mailId, at, since)) === "made" ? mailId : null;
  };
  const dueFor = async (id: UserId, at: number) =>
    (await store.alerts.dueMails(at, 100)).filter(({ userId }) => userId === id);

  it("have readers: living people who want any", async () => {
    const [wants, none, gone] = [await person(), await person([]), await person()];
    await store.people.removePerson(gone, "viewer", 5);
    const readers = await store.alerts.readers();
    expect(readers.find(({ userId }) => userId === wants)).toEqual({
      userId: wants,
      email: `${wants}@b.ke`,
      kinds: ["doubt", "review"],
      locale: "sw",
    });
    expect(readers.filter(({ userId }) => [none, gone].includes(userId))).toEqual([]);
    expect(await choose(gone, ["doubt"])).toBe(false);
    expect(await store.alerts.choiceOf(none)).toEqual({ kinds: [], locale: "sw" });
    expect(await store.alerts.choiceOf("usr_nobody" as UserId)).toBeNull();
  });

  it("tell each person of a matter once, also when two look at once", async () => {
    const [one, other] = [await person(), await person()];
    const [a, b] = [silence(), silence()];
    await Promise.all([store.alerts.raise(one, [a], 5), store.alerts.raise(one, [a], 5)]);
    expect(await store.alerts.raise(one, [a, b], 6)).toBe(1);
    expect(await store.alerts.raise(other, [a], 6)).toBe(1);
    await gather(one, 7);
    const [mail] = await dueFor(one, 7);
    expect(mail?.matters).toHaveLength(2);
    expect(await store.alerts.raise(one, [a, b], 8)).toBe(0);
  });

  it("go one mail at a time, and not sooner than allowed after the last", async () => {
    const id = await person();
    await store.alerts.raise(id, [silence()], 1_000);
    const made = await Promise.all([gather(id, 1_000), gather(id, 1_000)]);
    expect(made.filter((mail) => mail !== null)).toHaveLength(1);
    const first = made.find((mail) => mail !== null) ?? "";
    await store.alerts.raise(id, [silence(), silence()], 1_100);
    expect(await store.alerts.waiting()).toContain(id);
    expect(await gather(id, 1_200, 900)).toBeNull();
    await store.alerts.markTaken(first, id, 1_300);
    expect(await gather(id, 1_400, 1_100)).toBeNull();
    const second = await gather(id, 1_700, 1_300);
    expect(second).not.toBeNull();
    expect((await dueFor(id, 1_700)).map(({ matters }) => matters.length)).toEqual([2]);
    expect(await store.alerts.waiting()).not.toContain(id);
    expect(await gather(id, 9_000, 8_000)).toBeNull();
  });

  it("count a try before it is made, for one process only", async () => {
    const id = await person();
    await store.alerts.raise(id, [silence()], 5);
    const mail = (await gather(id, 5)) ?? "";
    const claims = [store.alerts.claimMail(mail, 0, 60), store.alerts.claimMail(mail, 0, 60)];
    expect((await Promise.all(claims)).sort()).toEqual([false, true]);
    expect(await dueFor(id, 59)).toEqual([]);
    expect(await dueFor(id, 60)).toMatchObject([{ id: mail, tries: 1, createdAt: 5 }]);
  });

  it("say how they fare: waiting, given up, and mended by the next that is taken", async () => {
    const id = await person();
    await store.alerts.raise(id, [silence(), silence()], 5);
    const mail = (await gather(id, 5)) ?? "";
    expect(await store.alerts.trouble(id)).toEqual({ waiting: null, givenUp: null });
    await store.alerts.claimMail(mail, 0, 70);
    await store.alerts.markFailed(mail, BROKEN, null);
    const failure = { ...BROKEN, createdAt: 5 };
    expect(await store.alerts.trouble(id)).toEqual({
      waiting: { ...failure, at: 70 },
      givenUp: null,
    });
    await store.alerts.markFailed(mail, BROKEN, 90);
    expect(await dueFor(id, 1_000)).toEqual([]);
    expect(await store.alerts.trouble(id)).toEqual({
      waiting: null,
      givenUp: { ...failure, at: 90, matters: 2 },
    });
    await store.alerts.markTaken(mail, id, 85);
    expect((await store.alerts.trouble(id)).givenUp).not.toBeNull();
    await store.alerts.noteWorked(id, 95);
    expect(await store.alerts.trouble(id)).toEqual({ waiting: null, givenUp: null });
    await choose(id, []);
    expect(await store.alerts.trouble(id)).toEqual({ waiting: null, givenUp: null });
  });

  it("say whose each is, also where the matter is no payment", async () => {
    const id = await person(["callbacks"]);
    await store.alerts.raise(id, [silence()], 5);
    await gather(id, 5);
    const [mail] = await dueFor(id, 9);
    expect(mail?.matters).toEqual([
      { kind: "callbacks", merchantId: "mer_kiosk", paymentId: null, fault: null },
    ]);
  });

  it("are forgotten before the mail when they are not wanted any more", async () => {
    const id = await person(["callbacks", "doubt"]);
    await store.alerts.raise(id, [silence()], 5);
    await choose(id, ["doubt"]);
    expect(await gather(id, 6)).toBeNull();
  });

  it("are dropped when they are old, but for payments that still wait and mails under way", async () => {
    const id = await person();
    const waits = samplePayment({ status: "review" });
    const over = samplePayment({ status: "confirmed" });
    for (const payment of [waits, over]) await store.payments.open(payment, sampleLine());
    const of = (payment: typeof waits): AlertMatter => {
      const { id: paymentId, merchantId } = payment;
      const key = `review ${paymentId}`;
      return { kind: "review", key, merchantId, payment, fault: null };
    };
    const matters = [of(waits), of(over), silence()];
    await store.alerts.raise(id, matters, 5);
    const mail = (await gather(id, 5)) ?? "";
    await store.alerts.dropOlderThan(6);
    expect(await dueFor(id, 9)).toMatchObject([{ id: mail }]);
    await store.alerts.markFailed(mail, BROKEN, 9);
    await store.alerts.dropOlderThan(6);
    expect((await store.alerts.trouble(id)).givenUp).toBeNull();
    expect(await store.alerts.raise(id, matters, 10)).toBe(2);
    expect(await store.alerts.raise(id, [of(waits)], 10)).toBe(0);
  });

  it("go with their person", async () => {
    const id = await person();
    await store.alerts.raise(id, [silence()], 5);
    await gather(id, 5);
    await store.alerts.raise(id, [silence()], 6);
    expect(await store.people.removePerson(id, "viewer", 7)).toBe("removed");
    expect(await dueFor(id, 9)).toEqual([]);
    expect(await store.alerts.waiting()).not.toContain(id);
    expect(await store.alerts.choiceOf(id)).toBeNull();
  });
});
