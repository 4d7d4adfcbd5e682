/** The rollups equal the rows, whatever happened to them, on both engines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AMOUNT_BANDS_KES, ROLLUP_KINDS } from "../../shared/insight-words.ts";
import { centsFromShillings } from "../../shared/money.ts";
import { nairobiDay } from "../../shared/nairobi.ts";
import { AMOUNT_SOURCES, ATTEMPT_STATES, PAYMENT_STATUSES, REASONS } from "../../shared/words.ts";
import type { RollupCell } from "../core/insight.ts";
import type { Attempt, Change, MerchantId, Payment } from "../core/payment.ts";
import type { Scope, Store } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { migrationsOf } from "./migrations.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres, type PgConnection } from "./postgres.ts";
import {
  merchantId,
  sampleAttempt,
  sampleChange,
  sampleInbox,
  sampleLine,
  samplePayment,
  samplePhone,
} from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));
/** 24 November 2026, 22:30 in Nairobi: some of a history's hours fall on the next day. */
const START = Date.UTC(2026, 10, 24, 19, 30);
const HOUR_MS = 3_600_000;
const RUNS = { seed: 20_261_128, numRuns: 25 };

/* ── What happened ──────────────────────────────────────────────────────────────────────── */

const at = fc.integer({ min: 0, max: 5 * HOUR_MS }).map((after) => START + after);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const shillings = fc.constantFrom(1, 99, 100, 1_250, 9_999, 10_000, 70_000);
const facts = {
  state: fc.constantFrom(...ATTEMPT_STATES),
  reason: maybe(fc.constantFrom(...REASONS)),
  resultCode: maybe(fc.constantFrom("1", "1032", "1037", "2028", "500.001.1001")),
  resultDescription: maybe(
    fc.constantFrom("Wrong credentials", "Merchant does not exist", "No response from user."),
  ),
  receivedCents: maybe(shillings.map(centsFromShillings)),
  reversedCents: fc.constantFrom(0, 0, 50, 70_000).map(centsFromShillings),
  sentAt: maybe(at),
  acceptedAt: maybe(at),
  inDoubtAt: maybe(at),
  resolvedAt: maybe(at),
  paidAt: maybe(at),
};
const told = fc.record(facts);
/** A few facts or none, among them some that nothing counts: then the counts may be left alone. */
const news = fc.record(
  {
    ...facts,
    looks: fc.nat(9),
    nextLookAt: maybe(at),
    successSeen: fc.boolean(),
    laterResultCode: maybe(fc.constant("1037")),
  },
  { requiredKeys: [] },
);
const status = fc.constantFrom(...PAYMENT_STATUSES);
const step = fc.oneof(
  fc.record({
    kind: fc.constant("open" as const),
    createdAt: at,
    amount: shillings,
    source: fc.constantFrom(...AMOUNT_SOURCES),
  }),
  fc.record({ kind: fc.constant("try" as const), which: fc.nat(20), told, status, at }),
  fc.record({
    kind: fc.constant("move" as const),
    which: fc.nat(20),
    told: news,
    status: fc.option(status, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant("show" as const),
    which: fc.nat(20),
    page: fc.constantFrom("https://shop.co.ke", "https://m.shop.co.ke", "other"),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const history = fc.array(step, { minLength: 3, maxLength: 14 });

/** Plays a history; what a guard forbids leaves everything as it was. */
async function play(store: Store, scope: Scope, steps: readonly Step[]): Promise<void> {
  const payments: { payment: Payment; attempts: Attempt[] }[] = [];
  for (const one of steps) {
    if (one.kind === "open") {
      const { createdAt, source: amountSource } = one;
      const amountCents = centsFromShillings(one.amount);
      const payment = samplePayment({ ...scope, createdAt, amountCents, amountSource });
      expect(await store.payments.open(payment, sampleLine())).toEqual({ ok: true });
      payments.push({ payment, attempts: [] });
      continue;
    }
    const held = payments[one.which % Math.max(1, payments.length)];
    if (held === undefined) continue;
    if (one.kind === "show") {
      const shown = sampleChange({ ...held.payment, page: held.payment.page ?? one.page });
      if ((await store.payments.apply(shown, {}, { ...held })).ok) held.payment = shown.payment;
      continue;
    }
    const next = { ...held.payment, status: one.status ?? held.payment.status };
    const phone = samplePhone();
    const old = held.attempts[one.which % Math.max(1, held.attempts.length)];
    const created = one.kind === "try" ? sampleAttempt(held.payment, phone, seal, one.told) : null;
    const moved = one.kind === "move" && old !== undefined ? { ...old, ...one.told } : null;
    const change: Change = sampleChange(next, {
      created: created && one.kind === "try" ? { ...created, createdAt: one.at } : null,
      attempts: moved === null ? [] : [moved],
    });
    if (!(await store.payments.apply(change, { phone }, { ...held })).ok) continue;
    held.payment = change.payment;
    if (change.created !== null) held.attempts.push(change.created);
    if (moved !== null) held.attempts = held.attempts.map((a) => (a.id === moved.id ? moved : a));
  }
}

/* ── The same counts from the rows, in the plainest words ───────────────────────────────── */

type Numbers = Omit<RollupCell, "kind" | "day" | "part" | "detail">;
type Cells = Record<string, Partial<Record<keyof Numbers, number>>>;

function cellsFromRows(payments: readonly Payment[], attempts: readonly Attempt[]): Cells {
  const cells: Cells = {};
  const add = (key: readonly (string | number)[], numbers: Partial<Numbers>) => {
    cells[key.join("|")] ??= {};
    const cell = cells[key.join("|")] as Record<string, number>;
    for (const [name, n] of Object.entries(numbers)) cell[name] = (cell[name] ?? 0) + n;
  };
  const hourOf = (instant: number) => Math.floor((instant + 3 * HOUR_MS) / HOUR_MS) % 24;
  for (const payment of payments) {
    const { status, createdAt, amountCents, amountSource, page } = payment;
    const tries = attempts
      .filter((attempt) => attempt.paymentId === payment.id)
      .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    const day = nairobiDay(createdAt);
    const paid = status === "confirmed" ? 1 : 0;
    const ended = (as: string) => (status === as && tries.length > 0 ? 1 : 0);
    const numbers = {
      opened: 1,
      typed: Math.min(1, tries.length),
      prompted: tries.some(tookUp) ? 1 : 0,
      paid,
      failed: ended("failed"),
      cancelled: ended("cancelled"),
      expired: ended("expired"),
      tries: tries.length,
      retried: tries.length > 1 ? 1 : 0,
      retriedPaid: tries.length > 1 ? paid : 0,
      cents: amountCents,
    };
    const band = AMOUNT_BANDS_KES.filter((lowest) => lowest * 100 <= amountCents).length - 1;
    add(["all", day, "", ""], numbers);
    add(["hour", day, hourOf(createdAt), ""], numbers);
    add(["order", day, band, amountSource], numbers);
    add(["page", day, page ?? "", ""], numbers);
    tries.forEach((attempt, n) => {
      const last = n === tries.length - 1;
      const left = last && ended(status) === 1 && /failed|cancelled|expired/.test(status) ? 1 : 0;
      if (attempt.state === "failed") {
        const { reason, resultCode, resultDescription } = attempt;
        const setUp = reason === "merchant_setup" ? resultDescription : null;
        const fault =
          setUp === "Wrong credentials"
            ? " wrong_credentials"
            : setUp === "Merchant does not exist"
              ? " no_merchant"
              : "";
        add(["reason", day, reason ?? "other", `${resultCode ?? ""}${fault}`], {
          failed: left,
          tries: 1,
          retried: last ? 0 : 1,
          retriedPaid: last ? 0 : paid,
          cents: (left * amountCents) as Numbers["cents"],
        });
      }
      if (attempt.state !== "confirmed" && attempt.state !== "reversed") return;
      const came = attempt.paidAt ?? attempt.resolvedAt ?? attempt.createdAt;
      const wait = Math.min(60, Math.max(0, Math.floor((came - attempt.createdAt) / 5_000)));
      const net = (attempt.receivedCents ?? attempt.amountCents) - attempt.reversedCents;
      add(["taken", nairobiDay(came), hourOf(came), wait], {
        paid: attempt.state === "confirmed" ? 1 : 0,
        cents: Math.max(0, net) as Numbers["cents"],
      });
    });
  }
  return withoutZeros(cells);
}

/** Left for M-Pesa, and was not refused there and then. */
function tookUp({ state, sentAt, acceptedAt, inDoubtAt }: Attempt): boolean {
  if (sentAt === null) return false;
  return state !== "failed" || acceptedAt !== null || inDoubtAt !== null;
}

async function cellsOf(store: Store, scope: Scope): Promise<Cells> {
  const cells: Cells = {};
  for (const each of ROLLUP_KINDS) {
    for (const cell of await store.insight.cells(scope, each, 0, 1_000_000)) {
      const { kind, day, part, detail, ...numbers } = cell;
      cells[[kind, day, part, detail].join("|")] = numbers;
    }
  }
  return withoutZeros(cells);
}

/** A cell of zeros says the same as no cell. */
function withoutZeros(cells: Cells): Cells {
  const telling = Object.entries(cells).map(
    ([key, numbers]) =>
      [key, Object.fromEntries(Object.entries(numbers).filter(([, n]) => n !== 0))] as const,
  );
  return Object.fromEntries(telling.filter(([, numbers]) => Object.keys(numbers).length > 0));
}

describe.each(["sqlite", "postgres"] as const)("the rollups on %s", (dialect) => {
  let folder: string;
  let file: string;
  let connection: PgConnection | null = null;
  let engine: Engine;
  let store: Store;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-rollup-"));
    file = join(folder, "lipia.db");
    connection = dialect === "postgres" ? await pgliteConnection() : null;
    engine = await (connection === null ? openSqlite(file) : openPostgres(connection));
    store = createStore(engine, seal);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const freshScope = (): Scope => ({
    merchantId: merchantId() as MerchantId,
    environment: "simulator",
  });

  async function rowsOf(scope: Scope): Promise<Cells> {
    const { rows } = await store.payments.list({ ...scope, limit: 1_000 });
    return cellsFromRows(
      rows.map(({ payment }) => payment),
      rows.flatMap(({ attempts }) => attempts),
    );
  }

  /** Empties the rollups and fills them as the migration did for what was there before. */
  async function fillAnew(): Promise<void> {
    // Each counts everything that was known when it was written: the last one stands.
    const fill = migrationsOf(dialect)
      .flatMap(({ sql }) => sql.filter(fillsRollup))
      .at(-1);
    const statements = ["delete from rollup", fill ?? "none"];
    if (connection !== null) {
      await connection.transaction(async (query) => {
        for (const statement of statements) await query(statement, []);
      });
      return;
    }
    const beside = new Database(file);
    for (const statement of statements) beside.exec(statement);
    beside.close();
  }
  const fillsRollup = (statement: string) => /insert into .rollup./.test(statement);

  it("equal the rows after any history", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const scope = freshScope();
        await play(store, scope, steps);
        expect(await cellsOf(store, scope)).toEqual(await rowsOf(scope));
      }),
      RUNS,
    );
  }, 120_000);

  it.each([
    ["failed", { resultCode: "2001" }],
    ["failed", { reason: "wrong_pin" }],
    ["failed", { reason: "merchant_setup" }],
    ["failed", { state: "confirmed" }],
    ["failed", { sentAt: START + 1, inDoubtAt: START + 2 }],
    ["failed", { acceptedAt: START + 1 }],
    ["confirmed", { receivedCents: 5 }],
    ["confirmed", { reversedCents: 5 }],
    ["confirmed", { paidAt: START + 2 * HOUR_MS }],
    ["confirmed", { resolvedAt: START + 3 * HOUR_MS }],
    ["confirmed", { state: "reversed" }],
  ] as [Attempt["state"] & Payment["status"], Partial<Attempt>][])(
    "follow a %s try that becomes %o",
    async (state, over) => {
      const scope = freshScope();
      const phone = samplePhone();
      const payment = samplePayment({ ...scope, createdAt: START });
      await store.payments.open(payment, sampleLine());
      const reason = state === "failed" ? "other" : null;
      const facts = { state, reason, sentAt: START, createdAt: START } as const;
      const created = sampleAttempt(payment, phone, seal, facts);
      const first = sampleChange({ ...payment, status: state }, { created });
      const before = { payment: first.payment, attempts: [created] };
      const second = sampleChange(first.payment, { attempts: [{ ...created, ...over }] });
      await store.payments.apply(first, { phone }, { payment, attempts: [] });
      const then = await cellsOf(store, scope);
      expect(await store.payments.apply(second, {}, before)).toEqual({ ok: true });
      expect(await cellsOf(store, scope)).toEqual(await rowsOf(scope));
      expect(await cellsOf(store, scope)).not.toEqual(then);
    },
  );

  it("are filled by the migration with what was kept since", async () => {
    const scope = freshScope();
    for (const steps of fc.sample(history, { seed: 7, numRuns: 12 })) {
      await play(store, scope, steps);
    }
    const kept = await cellsOf(store, scope);
    expect(Object.keys(kept).length).toBeGreaterThan(10);
    await fillAnew();
    expect(await cellsOf(store, scope)).toEqual(kept);
  }, 120_000);

  it("add up days, and keep merchants apart", async () => {
    const [scope, other] = [freshScope(), freshScope()];
    const open = (createdAt: number) =>
      ({ kind: "open", createdAt, amount: 1_250, source: "server" }) as const;
    await play(store, scope, [open(START), open(START + 3 * HOUR_MS)]);
    await play(store, other, [open(START)]);
    const day = nairobiDay(START);
    const days = await store.insight.cells(scope, "all", day, day + 1);
    expect(days.map((cell) => [cell.day, cell.opened])).toEqual([
      [day, 1],
      [day + 1, 1],
    ]);
    const [sum] = await store.insight.sums(scope, "order", day, day + 1);
    expect(sum).toMatchObject({ opened: 2, cents: 250_000, part: "3", detail: "server" });
    expect(await store.insight.cells(scope, "all", day + 1, day + 9)).toHaveLength(1);
  });

  it("count a status, and find who must be seen to and what was tried lately", async () => {
    const scope = freshScope();
    const make = async (
      over: Partial<Payment>,
      state: Partial<Attempt>,
      callbacks: readonly string[] = [],
    ) => {
      const phone = samplePhone();
      const payment = samplePayment({ ...scope, createdAt: START, updatedAt: START });
      await store.payments.open(payment, sampleLine());
      const created = sampleAttempt(payment, phone, seal, { createdAt: START, ...state });
      const change = sampleChange({ ...payment, ...over }, { created });
      expect(await store.payments.apply(change, { phone })).toEqual({ ok: true });
      for (const body of callbacks) await store.inbox.keep(sampleInbox(created.id, body, seal));
      return payment.id;
    };
    await make({ status: "in_doubt" }, { state: "in_doubt" }, ['{"Body":1}', '{"Body":2}']);
    const flagged = await make(
      { status: "confirmed", flags: ["overpaid", "receiptWanted"] },
      { state: "confirmed" },
    );
    await make({ status: "confirmed", flags: ["receiptWanted"] }, { state: "confirmed" });
    await make(
      { status: "confirmed", flags: ["late"], updatedAt: START - 9 },
      { state: "failed", reason: "wrong_pin", createdAt: START - 9 },
    );
    expect(await store.insight.count(scope, "in_doubt")).toBe(1);
    expect(await store.insight.count(scope, "review")).toBe(0);
    expect(await store.insight.toSeeTo(scope, START, 10)).toEqual([flagged]);
    const lately = await store.insight.recentTries(scope, START - 1, START);
    expect(lately.map(({ state, callbacks }) => `${state} ${callbacks}`).sort()).toEqual([
      "confirmed 0",
      "confirmed 0",
      "in_doubt 2",
    ]);
  });
});
