/** Rotation of the secret: everything readable and findable afterwards, whatever was interrupted. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { getTableColumns } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import type { AttemptId, MerchantId, PaymentId, UserId } from "../core/payment.ts";
import type { Seal, Store } from "../ports.ts";
import { sqliteDialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import {
  sampleAttempt,
  sampleChange,
  sampleInbox,
  sampleLine,
  samplePayment,
  samplePhone,
} from "./samples.ts";
import { createSeal } from "./seal.ts";
import { reseal, sealingState } from "./sealing.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";
import { tables } from "./tables.ts";

const [FIRST, SECOND] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const before = createSeal(FIRST);
const ring = createSeal(SECOND, [{ secret: FIRST, retiredAt: null }]);
/** The new secret alone: what it opens does not lean on the old one. */
const after = createSeal(SECOND);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-sealing-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Known {
  readonly paymentId: PaymentId;
  readonly attemptId: AttemptId;
  readonly phone: Phone;
  readonly request: string;
  readonly body: string;
}

async function fill(store: Store, seal: Seal, count: number): Promise<Known[]> {
  const known: Known[] = [];
  for (let n = 0; n < count; n += 1) {
    const phone = samplePhone();
    const request = `ws_CO_${phone}`;
    const payment = samplePayment({ phoneTail: phone.slice(-4) });
    await store.payments.open(payment, sampleLine(), { phone });
    const created = sampleAttempt(payment, phone, seal, {
      state: "pending",
      checkoutRequestId: request,
    });
    const body = JSON.stringify({ request, phone });
    const inbox = sampleInbox(created.id, body, seal);
    await store.payments.apply(sampleChange(payment, { created }), { phone, inbox });
    const said = { call: "query", at: 5, tookMs: 9, status: 200, fault: null } as const;
    const call = { ...said, attemptId: created.id, sent: request, answer: body };
    await store.story.keepCalls("simulator", [{ ...call, id: `dcl_${created.id}` }]);
    known.push({ paymentId: payment.id, attemptId: created.id, phone, request, body });
  }
  const merchant = { id: "mer_1" as MerchantId, environment: "simulator" as const };
  await store.merchants.ensureDefault({
    ...merchant,
    name: "Duka",
    shortcode: "174379",
    allowedOrigins: [],
    pausedAt: null,
  });
  await store.merchants.setWebhookSecret(merchant.id, seal.seal("whsec_1"));
  await store.merchants.addKey({
    id: "key_1",
    merchantId: merchant.id,
    environment: "simulator",
    kind: "signing",
    hash: "h",
    tail: "tail",
    sealed: seal.seal("sgn_1"),
    createdAt: 1,
  });
  const further = { ...merchant, id: "mer_2" as MerchantId, name: "Kiosk", shortcode: "600001" };
  const credentialsSealed = seal.seal("credentials_2");
  await store.merchants.add(
    { ...further, till: null, pull: "off", credentialsSealed },
    { at: 1, actor: "command", action: "merchant_added", target: further.id, details: {} },
  );
  const user = {
    id: "usr_1" as UserId,
    email: "a@b.ke",
    passwordHash: "-",
    role: "owner" as const,
  };
  await store.people.addUser({ ...user, createdAt: 1 });
  await store.factors.begin(user.id, seal.seal("factor_1"), 1);
  const entry = { at: 1, actor: user.id, action: "note_added", target: null, details: {} } as const;
  const paymentId = known[0]?.paymentId as PaymentId;
  const note = { id: "nte_1", paymentId, environment: merchant.environment, at: 1, text: "note" };
  await store.story.addNote({ ...note, userId: user.id, author: user.email }, entry);
  const claim = { merchantId: merchant.id, environment: merchant.environment, at: 1 };
  await store.idempotency.claim({ ...claim, key: "k", bodyHash: "old" });
  await store.idempotency.finish({ ...claim, key: "k", bodyHash: "old" }, 201, "{}");
  return known;
}

async function expectAll(store: Store, seal: Seal, known: readonly Known[]): Promise<void> {
  for (const { paymentId, attemptId, phone, request, body } of known) {
    expect(await store.payments.phoneOf(attemptId)).toBe(phone);
    expect(await store.payments.phoneOfPayment(paymentId)).toBe(phone);
    expect((await store.payments.load(paymentId))?.attempts[0]?.checkoutRequestId).toBe(request);
    expect(await store.payments.attemptByCheckoutRequest("simulator", request)).toBe(attemptId);
    const ofPhone = await store.payments.attemptsOfPhone("simulator", seal.hash("phone", phone), 0);
    expect(ofPhone.map(({ id }) => id)).toEqual([attemptId]);
    const digest = seal.hash("callbackBody", body);
    expect(await store.inbox.known(attemptId, digest)).toMatchObject({ applied: true });
    expect(await store.story.calls(paymentId)).toMatchObject([{ sent: request, answer: body }]);
  }
  const factor = await store.factors.of("usr_1" as UserId);
  expect(seal.open(factor?.secretSealed ?? "")).toBe("factor_1");
  const credentials = await store.merchants.credentialsOf("mer_2" as MerchantId);
  expect(seal.open(credentials ?? "")).toBe("credentials_2");
  expect(await store.audit.verify(0, 10)).toEqual({ checkedTo: 2, broken: null });
}

describe.each(["sqlite", "postgres"] as const)("a rotation on %s", (dialect) => {
  let engine: Engine;
  // A PostgreSQL in process takes long to start where everything is busy.
  beforeEach(async () => {
    engine =
      dialect === "sqlite"
        ? await openSqlite(join(folder, "lipia.db"))
        : await openPostgres(await pgliteConnection());
    expect(await sealingState(engine, before)).toBe("current");
  });
  afterEach(() => engine.close());

  it("leaves everything readable and findable under the new secret alone", async () => {
    const known = await fill(createStore(engine, before), before, 3);
    expect(await sealingState(engine, ring)).toBe("rotating");
    expect(await sealingState(engine, after)).toBe("foreign");
    await reseal(engine, ring);
    expect(await sealingState(engine, after)).toBe("current");
    expect(await sealingState(engine, before)).toBe("foreign");
    const store = createStore(engine, after);
    await expectAll(store, after, known);
    const claim = { merchantId: "mer_1" as MerchantId, environment: "simulator" as const };
    const again = await store.idempotency.claim({ ...claim, key: "k", bodyHash: "new", at: 2 });
    expect(again.kind).toBe("fresh");
  });

  it("that stopped half-way opens with the ring, and is ended by running again", async () => {
    const known = await fill(createStore(engine, before), before, 3);
    const afterBatch = () => {
      throw new Error("the power went");
    };
    await expect(reseal(engine, ring, { afterBatch, batchMax: 2 })).rejects.toThrow(
      "the power went",
    );
    expect(await sealingState(engine, ring)).toBe("rotating");
    const half = createStore(engine, ring);
    for (const { attemptId, phone } of known) {
      expect(await half.payments.phoneOf(attemptId)).toBe(phone);
    }
    await reseal(engine, ring);
    expect(await sealingState(engine, after)).toBe("current");
    await expectAll(createStore(engine, after), after, known);
    expect(await reseal(engine, ring)).toBe(0);
  });
});

it("leaves nothing in the file that the former secret opens", async () => {
  const path = join(folder, "lipia.db");
  const engine = await openSqlite(path);
  await sealingState(engine, before);
  await fill(createStore(engine, before), before, 2);
  await reseal(engine, ring);
  await engine.close();
  const client = new Database(path, { readonly: true });
  const sealed = Object.entries(tables(sqliteDialect)).flatMap(([, table]) =>
    Object.values(getTableColumns(table)).map((column) => {
      const name = `"${column.name}"`;
      const from = (table as unknown as Record<symbol, string>)[Symbol.for("drizzle:Name")];
      const like = (id: string) =>
        client
          .prepare(`select count(*) from "${from}" where ${name} like 'v1.${id}.%'`)
          .pluck()
          .get();
      return { name: `${from}.${column.name}`, old: like(before.keyId), new: like(after.keyId) };
    }),
  );
  client.close();
  expect(sealed.filter((column) => column.old !== 0)).toEqual([]);
  const renewed = sealed.filter((column) => column.new !== 0).map((column) => column.name);
  const named = sealed
    .map((column) => column.name)
    .filter((name) => /(_enc|sealed)$/.test(name) && !name.startsWith("idempotency."));
  expect(renewed.sort()).toEqual(named.sort());
});

it("survives kill -9 in the middle", async () => {
  const path = join(folder, "lipia.db");
  const engine = await openSqlite(path);
  await sealingState(engine, before);
  const known = await fill(createStore(engine, before), before, 5);
  await engine.close();
  const module = (name: string) => JSON.stringify(import.meta.resolve(name));
  const program = `
    const { openSqlite } = await import(${module("./sqlite.ts")});
    const { createSeal } = await import(${module("./seal.ts")});
    const { reseal } = await import(${module("./sealing.ts")});
    const engine = await openSqlite(${JSON.stringify(path)});
    const former = [{ secret: Buffer.alloc(32, 1), retiredAt: null }];
    let batches = 0;
    await reseal(engine, createSeal(Buffer.alloc(32, 2), former), {
      batchMax: 2,
      afterBatch: () => {
        batches += 1;
        if (batches === 4) process.kill(process.pid, "SIGKILL");
      },
    });`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  const opened = await openSqlite(path);
  expect(await sealingState(opened, ring)).toBe("rotating");
  // Of 5 attempts, 5 bodies, 5 calls, 5 payments, a key, two merchants, a factor, a note and two
  // rows of the audit log, 7 rows were done.
  expect(await reseal(opened, ring)).toBe(20);
  await expectAll(createStore(opened, after), after, known);
  await opened.close();
});
