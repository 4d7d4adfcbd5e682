/**
 * Every number of the failures is the number of rows in the list that it opens: the page's own
 * addresses, read as the routes read them, on a generated database, on both engines.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Behind,
  codesBehind,
  leftBy,
  stepsBehind,
  unpaid,
  unpaidOfBand,
  unpaidOfDay,
  unpaidOfHour,
  unpaidOfPage,
  unpaidOfSource,
} from "../../dashboard/pages/failures/behind.ts";
import type { FailuresView } from "../../shared/insight-api.ts";
import { OTHER_PAGE } from "../../shared/insight-words.ts";
import { centsFromShillings } from "../../shared/money.ts";
import { dashboardFilterQuery, dashboardListQuery } from "../../shared/payments-list-api.ts";
import { AMOUNT_SOURCES, ATTEMPT_STATES } from "../../shared/words.ts";
import { failuresOf, total } from "../core/insight.ts";
import type { Attempt, MerchantId, Payment } from "../core/payment.ts";
import { statusOf } from "../core/status.ts";
import { pgliteConnection } from "../db/pglite.ts";
import { openPostgres } from "../db/postgres.ts";
import {
  merchantId,
  sampleAttempt,
  sampleChange,
  sampleLine,
  samplePayment,
  samplePhone,
} from "../db/samples.ts";
import { createSeal } from "../db/seal.ts";
import { openSqlite } from "../db/sqlite.ts";
import { createStore } from "../db/store.ts";
import { createDice, type Dice } from "../drills/dice.ts";
import type { Scope, Store } from "../ports.ts";
import { filterOf } from "./dashboard-list-routes.ts";
import { failuresView } from "./insight-views.ts";

const seal = createSeal(Buffer.alloc(32, 1));
const DAY_MS = 86_400_000;
/** Three whole days in Nairobi, and payments on the days before and after them too. */
const FIRST_DAY = Math.floor(Date.UTC(2026, 10, 24) / DAY_MS);
const SPAN = { from: FIRST_DAY, to: FIRST_DAY + 2 };
const OPENED_FROM = (FIRST_DAY - 1) * DAY_MS - 3 * 3_600_000;
const PAYMENTS = 120;
const SHILLINGS = [1, 99, 100, 499, 500, 999, 1_000, 2_499, 2_500, 9_999, 10_000, 49_999, 50_000];
const PAGES = ["https://shop.co.ke", "https://m.shop.co.ke", OTHER_PAGE, null, null];
const FAILURES = [
  ["cancelled", "1032", null],
  ["wrong_pin", "2001", null],
  ["timed_out", "1037", null],
  ["timed_out", "1019", null],
  ["merchant_setup", "500.001.1001", "Wrong credentials"],
  ["merchant_setup", "500.001.1001", "Merchant does not exist"],
  ["merchant_setup", "2028", null],
  ["query_only", "1032", null],
  ["not_sent", null, null],
  ["operator", null, null],
] as const;

/** A prompt that failed: refused at once, or after the phone was asked. */
function failedTry(dice: Dice, at: number): Partial<Attempt> {
  const [reason, resultCode, resultDescription] = dice.pick(FAILURES);
  const asked = reason !== "not_sent" && dice.chance(0.7);
  return {
    state: "failed",
    reason,
    resultCode,
    resultDescription,
    createdAt: at,
    sentAt: reason === "not_sent" ? null : at + 1,
    acceptedAt: asked ? at + 2 : null,
  };
}

/** Any state: what a statement proved may be paid though the phone was never asked. */
function lastTry(dice: Dice, at: number, amountCents: Payment["amountCents"]): Partial<Attempt> {
  const state = dice.pick([...ATTEMPT_STATES, "failed", "failed", "confirmed"] as const);
  if (state === "failed") return failedTry(dice, at);
  const sentAt = state === "created" || dice.chance(0.1) ? null : at + 1;
  return { state, createdAt: at, sentAt, receivedCents: amountCents };
}

/** Opens a payment and lets it run as the machine would: all tries but the last have failed. */
async function oneMore(store: Store, scope: Scope, dice: Dice, createdAt: number): Promise<void> {
  const amountCents = centsFromShillings(dice.pick(SHILLINGS));
  const amountSource = dice.pick(AMOUNT_SOURCES);
  const page = dice.pick(PAGES);
  let payment = samplePayment({ ...scope, createdAt, amountCents, amountSource, page });
  expect(await store.payments.open(payment, sampleLine())).toEqual({ ok: true });
  const tries = dice.int(4);
  const attempts: Attempt[] = [];
  for (let n = 0; n < tries; n += 1) {
    // Two tries in the same millisecond are told apart by their ids.
    const at = createdAt + Math.floor(n / 2) * 60_000;
    const told = n < tries - 1 ? failedTry(dice, at) : lastTry(dice, at, amountCents);
    const phone = samplePhone();
    const created = sampleAttempt(payment, phone, seal, told);
    attempts.push(created);
    const change = sampleChange({ ...payment, status: statusOf(payment, attempts) }, { created });
    expect(await store.payments.apply(change, { phone })).toEqual({ ok: true });
    payment = change.payment;
  }
  if (!["open", "failed", "cancelled", "expired"].includes(payment.status)) return;
  if (!dice.chance(0.5)) return;
  const closing = dice.pick(["cancelled", "expired"] as const);
  const closed = sampleChange({
    ...payment,
    closing,
    status: statusOf({ ...payment, closing }, attempts),
  });
  expect(await store.payments.apply(closed)).toEqual({ ok: true });
}

async function viewOf({ insight }: Store, scope: Scope): Promise<FailuresView> {
  const { from, to } = SPAN;
  const [days, hours, orders, reasons, pages] = await Promise.all([
    insight.cells(scope, "all", from, to),
    insight.sums(scope, "hour", from, to),
    insight.sums(scope, "order", from, to),
    insight.sums(scope, "reason", from, to),
    insight.sums(scope, "page", from, to),
  ]);
  return failuresView(SPAN, failuresOf({ days, hours, orders, reasons, pages }), total([]));
}

/** Every number that opens a list, by the breakdown it stands in. */
const BREAKDOWNS: Readonly<Record<string, (view: FailuresView) => readonly Behind[]>> = {
  "in all": (view) => [unpaid(view, view.total)],
  "by reason": (view) => view.reasons.map((one) => leftBy(view, one)),
  "by result code": (view) => view.reasons.flatMap((one) => codesBehind(view, one)),
  "by hour": (view) => view.hours.map((one) => unpaidOfHour(view, one)),
  "by day": (view) => view.days.map(unpaidOfDay),
  "by amount": (view) => view.bands.map((one) => unpaidOfBand(view, one)),
  "by order source": (view) => view.sources.map((one) => unpaidOfSource(view, one)),
  "by page": (view) => view.pages.map((one) => unpaidOfPage(view, one)),
  "from opened to paid": (view) => Object.values(stepsBehind(view, view.total)),
};
/** Breakdowns that tell every unpaid payment exactly once. */
const WHOLE = Object.keys(BREAKDOWNS).filter((name) => name !== "from opened to paid");

describe.each(["sqlite", "postgres"] as const)("the failures on %s", (dialect) => {
  const scope: Scope = { merchantId: merchantId() as MerchantId, environment: "simulator" };
  let folder: string;
  let store: Store;
  let view: FailuresView;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-drill-down-"));
    const engine =
      dialect === "sqlite"
        ? await openSqlite(join(folder, "lipia.db"))
        : await openPostgres(await pgliteConnection(join(folder, "pg")));
    store = createStore(engine, seal);
    const dice = createDice(20_261_128);
    // Ids sort by time, as in a shop.
    const times = Array.from({ length: PAYMENTS }, () => OPENED_FROM + dice.int(5 * DAY_MS));
    for (const at of times.sort((a, b) => a - b)) await oneMore(store, scope, dice, at);
    view = await viewOf(store, scope);
  }, 120_000);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const queryOf = (path: string) =>
    Object.fromEntries(new URL(path, "http://shop.co.ke").searchParams.entries());

  /** As the route of totals answers. */
  async function countOf(path: string): Promise<number> {
    const { merchant: _, ...filter } = dashboardFilterQuery.parse(queryOf(path));
    const totals = await store.payments.totals({ ...filterOf(filter), ...scope });
    expect(totals.kind).toBe("exact");
    return totals.count;
  }

  /** As the route of the list answers. */
  async function rowsOf(path: string): Promise<number> {
    const query = { ...queryOf(path), limit: "100" };
    const ids = new Set<string>();
    for (let startingAfter: string | undefined; ; ) {
      const { merchant: _, ...filter } = dashboardListQuery.parse(query);
      const page = await store.payments.list({
        ...filterOf(filter),
        ...scope,
        limit: 100,
        ...(startingAfter && { startingAfter: startingAfter as Payment["id"] }),
      });
      for (const { payment } of page.rows) ids.add(payment.id);
      startingAfter = page.rows.at(-1)?.payment.id;
      if (!page.hasMore) return ids.size;
    }
  }

  test.each(Object.entries(BREAKDOWNS))("%s: each number is the rows it opens", async (_n, of) => {
    const all = of(view);
    expect(all.filter(({ count }) => count > 0).length).toBeGreaterThan(0);
    for (const { count, path } of all) {
      expect([path, await countOf(path), await rowsOf(path)]).toEqual([path, count, count]);
    }
  });

  test.each(WHOLE)("%s: every unpaid payment is told once", (name) => {
    const told = BREAKDOWNS[name]?.(view) ?? [];
    const [all] = BREAKDOWNS["in all"]?.(view) ?? [];
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(all?.count);
  });

  test("what happens is seen from every side", () => {
    expect(view.pages.map(({ page }) => page)).toEqual(expect.arrayContaining([null, OTHER_PAGE]));
    expect(view.sources).toHaveLength(AMOUNT_SOURCES.length);
    expect(view.hours.filter(({ opened }) => opened > 0).length).toBeGreaterThan(12);
    const codes = view.reasons.flatMap((one) => codesBehind(view, one));
    expect(codes.filter(({ count }) => count > 0).length).toBeGreaterThan(6);
    for (const { count } of Object.values(stepsBehind(view, view.total))) {
      expect(count).toBeGreaterThan(0);
    }
  });
});
