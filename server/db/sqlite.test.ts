/** What only the SQLite file can show: durability, sealed bytes, query plans, other processes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import type { Phone } from "../../shared/phone.ts";
import type { AttemptId, MerchantId, Payment } from "../core/payment.ts";
import type { Store } from "../ports.ts";
import { type Engine, run, type Template } from "./engine.ts";
import {
  sampleAttempt,
  sampleChange,
  sampleEvidence,
  sampleInbox,
  sampleLine,
  samplePayment,
  sampleReceipt,
} from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));
const beat: Template = (db, t) => db.update(t.pulse).set({ beats: 5 });

let folder: string;
let path: string;
let engine: Engine;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lipia-sqlite-"));
  path = join(folder, "lipia.db");
  engine = await openSqlite(path);
  store = createStore(engine, seal);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The connection itself, to ask what no store would. */
function clientOf(of: Engine): Database.Database {
  return (of.db as unknown as { $client: Database.Database }).$client;
}

/** One payment through all the store's hot reads and writes. */
async function live(phone: Phone, checkoutRequestId: string): Promise<void> {
  const payment = samplePayment();
  await store.payments.open(payment, sampleLine());
  const created = sampleAttempt(payment, phone, seal, { state: "created" });
  const first = sampleChange(payment, { created, timeline: [sampleLine()] });
  await store.payments.apply(first, { phone });
  const receipt = sampleReceipt();
  const accepted = { ...created, state: "pending" as const, checkoutRequestId, receipt };
  const second = sampleChange(first.payment, {
    attempts: [accepted],
    evidence: [sampleEvidence(accepted)],
  });
  const inbox = sampleInbox(created.id, JSON.stringify({ phone, checkoutRequestId }), seal);
  expect(await store.payments.apply(second, { inbox })).toEqual({ ok: true });
  const { merchantId, environment, orderReference } = payment;
  await store.payments.load(payment.id);
  await store.payments.timeline(payment.id);
  await store.payments.paymentOfAttempt(created.id);
  await store.payments.attemptByCheckoutRequest(environment, checkoutRequestId);
  await store.payments.byOrder(merchantId, environment, orderReference);
  await store.payments.attemptsOfPhone(environment, created.phoneHash, 0);
  await store.payments.receiptOwner(environment, receipt);
  await store.payments.accountReferenceUsed(environment, payment.shortcode, "ACC", 0);
  await store.payments.due(environment, 1, 2);
  await store.payments.unfinishedSends(environment, 1);
  await store.payments.expired(environment, 1, 1);
  await store.inbox.keep(sampleInbox("stranger" as AttemptId, `another ${phone}`, seal));
  await store.inbox.unapplied(1);
  await store.inbox.orphans(null, 1);
  await store.inbox.markApplied(inbox.id, 1);
  const claim = { merchantId, environment, key: payment.id, bodyHash: "h", at: 1 };
  await store.idempotency.claim(claim);
  await store.idempotency.claim(claim);
  await store.idempotency.link(claim, payment.id);
  await store.idempotency.finish(claim, 201, JSON.stringify({ phone }));
  await store.idempotency.release(claim);
  await store.idempotency.dropOlderThan(0);
  await store.people.sessionByHash("none", 1);
  await store.people.dropExpiredSessions(1);
  await store.people.userByEmail("none");
  await store.merchants.keyByHash("none");
}

it("runs in WAL at synchronous FULL, also after its first write", async () => {
  await engine.commit([run(beat, {})]);
  const client = clientOf(engine);
  expect(client.pragma("journal_mode", { simple: true })).toBe("wal");
  expect(client.pragma("synchronous", { simple: true })).toBe(2);
  expect(client.pragma("foreign_keys", { simple: true })).toBe(1);
  expect(client.pragma("busy_timeout", { simple: true })).toBe(5_000);
});

it("writes no phone number and no CheckoutRequestID in clear, neither in the file nor in the log", async () => {
  const phone = "254798765432" as Phone;
  const request = "ws_CO_260520211133524545798765432";
  await live(phone, request);
  const written = () => [path, `${path}-wal`].map((file) => readFileSync(file, "latin1")).join("");
  const inLog = written();
  clientOf(engine).pragma("wal_checkpoint(TRUNCATE)");
  for (const bytes of [inLog, written()]) {
    expect(bytes).toContain("ORDER-");
    expect(bytes).not.toContain("98765432");
    expect(bytes).not.toContain("ws_CO_");
    expect(bytes).not.toContain(Buffer.from(phone).toString("base64url").slice(2, -2));
  }
});

it("finds every row through an index: no statement reads a whole table", async () => {
  const seen = recordStatements(clientOf(engine));
  await live("254798765432" as Phone, "ws_CO_1");
  const own = {
    merchantId: "mer_sample" as MerchantId,
    environment: "simulator",
    limit: 5,
  } as const;
  const startingAfter = samplePayment().id;
  for (const filter of [
    {},
    { statuses: ["failed"] },
    { orderReference: "A" },
    { createdFrom: 1, createdTo: 9 },
    { statuses: ["failed"], createdFrom: 1, startingAfter },
    { q: "78" },
    { q: "5678" },
    { q: "ORDER12345" },
    { q: "0712345678", startingAfter, createdTo: 9 },
    { statuses: ["failed", "open"], amountFrom: cents(1) },
    { reasons: ["wrong_pin", "limit"], createdFrom: 1, startingAfter },
    { reasons: ["wrong_pin"], statuses: ["failed"], flags: ["late"] },
    { flags: ["overpaid"], startingAfter },
    { amountFrom: cents(100), amountTo: cents(100) },
    { amountFrom: cents(100), amountTo: cents(200), createdTo: 9 },
    { phoneTail: "78", statuses: ["failed"] },
    { page: "https://shop.co.ke", statuses: ["failed"], createdFrom: 1 },
    { page: "https://shop.co.ke", startingAfter },
    { page: null, steps: ["typed"], sources: ["link"] },
    { hour: 9, resultCode: "1032", reasons: ["cancelled"] },
    { phoneTail: "5678", createdFrom: 1 },
    { receipt: sampleReceipt(), amountTo: cents(9) },
    { q: "ORDER", phoneTail: "5678", reasons: ["limit"] },
  ] as const) {
    await store.payments.list({ ...own, ...filter });
    await store.payments.totals({ ...own, ...filter });
  }
  const scans = [...seen].flatMap((statement) =>
    scansOf(statement).map((plan) => `${plan}: ${statement}`),
  );
  expect(seen.size).toBeGreaterThan(35);
  expect(scans).toEqual([]);
});

it("serves what is due without sorting and along the environment's own index", async () => {
  const seen = recordStatements(clientOf(engine));
  await store.payments.due("simulator", 1, 2);
  await store.payments.expired("simulator", 1, 2);
  const plans = [...seen].flatMap(planOf);
  expect(plans.filter((plan) => plan.includes("TEMP B-TREE"))).toEqual([]);
  expect(plans).toEqual([
    "SEARCH attempts USING INDEX attempts_first_look (environment=? AND wake_at<?)",
    "SEARCH attempts USING INDEX attempts_next_look (environment=? AND wake_at<?)",
    "SEARCH attempts USING INDEX attempts_first_look (environment=? AND wake_at<?)",
    "SEARCH attempts USING INDEX attempts_next_look (environment=? AND wake_at<?)",
    "SEARCH payments USING INDEX payments_to_expire (environment=? AND expires_at<?)",
  ]);
});

it("finds doubts along the index that holds nothing but unresolved attempts", async () => {
  const seen = recordStatements(clientOf(engine));
  const merchant = {
    id: "mer_sample" as MerchantId,
    environment: "simulator",
    shortcode: "600111",
  };
  await store.payments.inDoubt({ ...merchant, environment: "simulator" }, 5);
  const [first] = [...seen].flatMap(planOf);
  expect(first).toBe(
    "SEARCH attempts USING INDEX attempts_one_per_order (merchant_id=? AND environment=?)",
  );
});

it("serves pages without sorting", async () => {
  const seen = recordStatements(clientOf(engine));
  const own = {
    merchantId: "mer_sample" as MerchantId,
    environment: "simulator",
    limit: 5,
  } as const;
  await store.payments.list(own);
  await store.payments.list({ ...own, statuses: ["failed"], startingAfter: samplePayment().id });
  await store.payments.list({ ...own, orderReference: "A", createdFrom: 1 });
  await store.payments.list({ ...own, flags: ["late"], amountFrom: cents(1), amountTo: cents(1) });
  await store.payments.list({ ...own, reasons: ["limit"], createdFrom: 1 });
  const sorts = [...seen].flatMap(planOf).filter((plan) => plan.includes("TEMP B-TREE"));
  expect(seen.size).toBeGreaterThanOrEqual(5);
  expect(sorts).toEqual([]);
});

function recordStatements(client: Database.Database): Set<string> {
  const seen = new Set<string>();
  const prepare = client.prepare.bind(client);
  client.prepare = ((statement: string) => {
    seen.add(statement);
    return prepare(statement);
  }) as typeof client.prepare;
  return seen;
}

function planOf(statement: string): string[] {
  const other = new Database(path, { readonly: true });
  try {
    const nothing = [...statement.matchAll(/\?/g)].map(() => null);
    const rows = other.prepare(`explain query plan ${statement}`).all(...nothing);
    return rows.map((row) => String((row as { detail: unknown }).detail));
  } finally {
    other.close();
  }
}

/**
 * Constants, subqueries (by their names too), what a statement itself has put together, and the
 * index that holds nothing but waiting callbacks may be read through.
 */
const MAY_SCAN =
  /^SCAN ((one|looked)$|(counted|told|failures|cells)$|CONSTANT ROW$|\(subquery|inbox USING INDEX inbox_unapplied$)/;

function scansOf(statement: string): string[] {
  return planOf(statement).filter((plan) => plan.startsWith("SCAN") && !MAY_SCAN.test(plan));
}

it("waits for another process and then fails with everything undone", async () => {
  const other = new Database(path);
  other.exec("begin immediate");
  clientOf(engine).pragma("busy_timeout = 20");
  await expect(engine.commit([run(beat, {})])).rejects.toMatchObject({ code: "SQLITE_BUSY" });
  expect(await store.writable()).toBe(false);
  other.exec("rollback");
  other.close();
  expect(await store.writable()).toBe(true);
});

it("fails a commit on a full disk and goes on when there is room again", async () => {
  const client = clientOf(engine);
  const pages = Number(client.pragma("page_count", { simple: true }));
  client.pragma(`max_page_count = ${pages}`);
  const open = async () => {
    for (let n = 0; n < 200; n += 1) await store.payments.open(samplePayment(), sampleLine());
  };
  await expect(open()).rejects.toMatchObject({ code: "SQLITE_FULL" });
  client.pragma("max_page_count = 100000");
  expect(await store.payments.open(samplePayment(), sampleLine())).toEqual({ ok: true });
});

it("is migrated once, also by processes that start together", async () => {
  const again = await openSqlite(path);
  const count = "select count(*) from __drizzle_migrations";
  const before = clientOf(engine).prepare(count).pluck().get();
  expect(clientOf(again).prepare(count).pluck().get()).toBe(before);
  await again.close();
});

it("refuses a file that a newer Lipia wrote", async () => {
  clientOf(engine).exec(
    "insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999)",
  );
  await expect(openSqlite(path)).rejects.toThrow(/newer version/);
});

it("refuses a file that is no database", async () => {
  const letter = join(folder, "letter.txt");
  writeFileSync(letter, "Dear Lipia, this is a letter and not a database.".repeat(100));
  await expect(openSqlite(letter)).rejects.toThrow(/damaged.*not a database.*lipia restore/);
});

it("says which command to run when the native module is missing", async () => {
  const missing = join(folder, "missing.node");
  await expect(openSqlite(join(folder, "x.db"), { nativeBinding: missing })).rejects.toThrow(
    /npm rebuild better-sqlite3/,
  );
});
it("keeps a search flat when a prefix is common, and finds the same as when it is rare", async () => {
  const opened: ReturnType<typeof samplePayment>[] = [];
  for (let n = 0; n < 1_100; n += 1) {
    const payment = samplePayment({ orderReference: `SHOP-${n % 2 === 0 ? "A" : "B"}-${n}` });
    opened.push(payment);
  }
  await fill(opened);
  const own = {
    merchantId: "mer_sample" as MerchantId,
    environment: "simulator",
    limit: 3,
  } as const;
  const newest = (begins: string) =>
    opened
      .filter((each) => each.orderReference.startsWith(begins))
      .map((each) => each.id)
      .reverse();
  for (const q of ["SHOP-", "SHOP-A-", "SHOP-A-10"]) {
    const first = await store.payments.list({ ...own, q });
    expect(first.rows.map((row) => row.payment.id)).toEqual(newest(q).slice(0, 3));
    const startingAfter = newest(q)[2];
    const second = await store.payments.list({ ...own, q, startingAfter, statuses: ["open"] });
    expect(second.rows.map((row) => row.payment.id)).toEqual(newest(q).slice(3, 6));
  }
});

/** Many payments in one transaction: a thousand fsyncs would prove nothing more. */
async function fill(payments: readonly Payment[]): Promise<void> {
  const client = clientOf(engine);
  const insert = engine.db.insert(engine.t.payments);
  client.exec("begin immediate");
  for (const payment of payments) await insert.values({ ...payment, claimsOrder: 1 });
  client.exec("commit");
}
