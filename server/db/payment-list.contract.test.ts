/** What every filter of the list finds and comes to: the same on both engines. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import type { Phone } from "../../shared/phone.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { Attempt, Payment } from "../core/payment.ts";
import type { ListFilter, Store } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { listPayments } from "./payment-list.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import {
  merchantId,
  sampleAttempt,
  sampleChange,
  sampleEvidence,
  sampleLine,
  samplePayment,
  samplePhone,
  sampleReceipt,
} from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const seal = createSeal(Buffer.alloc(32, 1));

describe.each(["sqlite", "postgres"] as const)("the filters of the list on %s", (dialect) => {
  const mine = merchantId();
  const receipt = sampleReceipt();
  /** Of money that came to the same attempt a second time. */
  const second = sampleReceipt();
  const forged = sampleReceipt();
  let folder: string;
  let engine: Engine;
  let store: Store;
  let made: Payment[] = [];

  /** A payment of this merchant with attempts, each on a phone of its own unless it names one. */
  async function sold(
    over: Partial<Payment>,
    tries: readonly (Partial<Attempt> & { phone?: Phone })[] = [],
  ) {
    const payment = samplePayment({ merchantId: mine, ...over });
    made.push(payment);
    await store.payments.open(payment, sampleLine());
    for (const [n, { phone = samplePhone(), ...state }] of tries.entries()) {
      const attempt = sampleAttempt(payment, phone, seal, state);
      const change = sampleChange(
        { ...payment, version: payment.version + n },
        { created: attempt },
      );
      expect(await store.payments.apply(change, { phone })).toEqual({ ok: true });
    }
  }

  /** Evidence beside the last payment, under a receipt that its row does not name. */
  async function evidenced(named: Receipt, success: boolean) {
    const last = made.at(-1) as Payment;
    const known = await store.payments.load(last.id);
    const attempt = known?.attempts.at(-1) as Attempt;
    const evidence = sampleEvidence(attempt, { receipt: named, success });
    const change = sampleChange(known?.payment as Payment, { evidence: [evidence] });
    expect(await store.payments.apply(change)).toEqual({ ok: true });
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-list-"));
    engine =
      dialect === "sqlite"
        ? await openSqlite(join(folder, "lipia.db"))
        : await openPostgres(await pgliteConnection(join(folder, "pg")));
    store = createStore(engine, seal);
    made = [];
    const failed = (reason: Attempt["reason"]) => ({ state: "failed", reason }) as const;
    const phone = "254712344711" as Phone;
    // 0 to 6, oldest first, a second apart.
    await sold({ createdAt: 1_000, amountCents: cents(10_000), status: "failed" }, [
      failed("limit"),
      failed("wrong_pin"),
    ]);
    await sold({ createdAt: 2_000, amountCents: cents(20_000), status: "confirmed", receipt }, [
      failed("wrong_pin"),
      { state: "confirmed", receipt, phone },
    ]);
    await evidenced(second, true);
    await evidenced(forged, false);
    const page = "https://shop.co.ke";
    await sold({ createdAt: 3_000, amountCents: cents(20_000), status: "open", page });
    await sold({
      createdAt: 4_000,
      amountCents: cents(30_000),
      status: "confirmed",
      flags: ["late"],
      page: "other",
      amountSource: "link",
    });
    await sold({
      createdAt: 5_000,
      amountCents: cents(40_000),
      status: "review",
      flags: ["late", "overpaid"],
    });
    await sold({ createdAt: 6_000, amountCents: cents(50_000), status: "failed" }, [
      { ...failed("limit"), phone: "254712340011" as Phone },
      { ...failed("limit"), phone: "254712340011" as Phone },
    ]);
    const old = { createdAt: 7_000 + 22 * 3_600_000, amountCents: cents(60_000), page } as const;
    await sold({ ...old, status: "failed" }, [
      { ...failed("timed_out"), resultCode: "1019", sentAt: 7_000, acceptedAt: 7_000 },
    ]);
    const stranger = samplePayment({ merchantId: merchantId(), flags: ["late"] });
    await store.payments.open(stranger, sampleLine());
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const asked = (filter: Partial<ListFilter>): ListFilter => ({
    merchantId: mine,
    environment: "simulator",
    limit: 10,
    ...filter,
  });
  async function found(filter: Partial<ListFilter>): Promise<readonly number[]> {
    const { rows } = await store.payments.list(asked(filter));
    return rows.map(({ payment }) => made.findIndex(({ id }) => id === payment.id));
  }

  const CASES: readonly (readonly [string, Partial<ListFilter>, readonly number[]])[] = [
    ["nothing asked", {}, [6, 5, 4, 3, 2, 1, 0]],
    ["one status", { statuses: ["failed"] }, [6, 5, 0]],
    ["any of several statuses", { statuses: ["failed", "review", "open"] }, [6, 5, 4, 2, 0]],
    ["the reason of the last failure only", { reasons: ["limit"] }, [5]],
    ["a reason also where a later try paid", { reasons: ["wrong_pin"] }, [1, 0]],
    ["any of several reasons", { reasons: ["timed_out", "wrong_pin"] }, [6, 1, 0]],
    ["one flag among others", { flags: ["late"] }, [4, 3]],
    ["any of several flags", { flags: ["overpaid", "aged"] }, [4]],
    ["a flag that nobody has", { flags: ["secondReceipt"] }, []],
    ["one amount", { amountFrom: cents(20_000), amountTo: cents(20_000) }, [2, 1]],
    [
      "a range with both its ends",
      { amountFrom: cents(20_000), amountTo: cents(40_000) },
      [4, 3, 2, 1],
    ],
    ["at least an amount", { amountFrom: cents(50_000) }, [6, 5]],
    ["at most an amount", { amountTo: cents(10_000) }, [0]],
    ["two last digits, each payment once", { phoneTail: "11" }, [5, 1]],
    ["four last digits", { phoneTail: "4711" }, [1]],
    ["digits that are not at the end", { phoneTail: "471" }, []],
    ["a receipt", { receipt }, [1]],
    ["a second receipt of the same attempt", { receipt: second }, [1]],
    ["a receipt that was never proven", { receipt: forged }, []],
    ["a search for a second receipt", { q: second }, [1]],
    ["a search for a receipt that was never proven", { q: forged }, []],
    ["a search and a receipt", { q: second, receipt: second }, [1]],
    ["a search and another receipt", { q: receipt, receipt: forged }, []],
    ["a span of time", { createdFrom: 2_000, createdTo: 4_000 }, [3, 2, 1]],
    ["reason and status", { reasons: ["wrong_pin"], statuses: ["confirmed"] }, [1]],
    ["reason and time", { reasons: ["limit", "timed_out"], createdTo: 6_500 }, [5]],
    ["a page", { page: "https://shop.co.ke" }, [6, 2]],
    ["the pages beyond those kept by name", { page: "other" }, [3]],
    ["a page that nobody came from", { page: "https://shop.co" }, []],
    ["no page known", { page: null }, [5, 4, 1, 0]],
    ["no page known in a time", { page: null, createdFrom: 4_500, createdTo: 5_500 }, [4]],
    ["page and status", { page: "https://shop.co.ke", statuses: ["failed", "expired"] }, [6]],
    ["no page and a reason", { page: null, reasons: ["wrong_pin"] }, [1, 0]],
    ["who fixed the amount", { sources: ["link", "customer"] }, [3]],
    ["the hour in Nairobi", { hour: 3 }, [5, 4, 3, 2, 1, 0]],
    ["another hour", { hour: 1, statuses: ["failed"] }, [6]],
    ["those without a phone", { steps: ["opened"] }, [4, 3, 2]],
    ["those who were not asked", { steps: ["typed"] }, [5, 1, 0]],
    ["those who were asked", { steps: ["prompted"] }, [6]],
    ["those with a phone", { steps: ["typed", "prompted"], statuses: ["failed"] }, [6, 5, 0]],
    ["every step", { steps: ["opened", "typed", "prompted"] }, [6, 5, 4, 3, 2, 1, 0]],
    ["the code of the last failure", { resultCode: "1019" }, [6]],
    ["a failure without a code", { resultCode: "", reasons: ["wrong_pin"] }, [1, 0]],
    ["a search and a page", { q: "ORDER-", page: "https://shop.co.ke" }, [6, 2]],
    [
      "flag, amount and status",
      { flags: ["late"], amountTo: cents(35_000), statuses: ["confirmed"] },
      [3],
    ],
    [
      "amount and time",
      { amountFrom: cents(20_000), amountTo: cents(40_000), createdFrom: 3_500 },
      [4, 3],
    ],
    ["digits, status and time", { phoneTail: "11", statuses: ["failed"], createdFrom: 1 }, [5]],
    ["receipt and a status it has not", { receipt, statuses: ["failed"] }, []],
    ["a search and a reason", { q: "ORDER-", reasons: ["wrong_pin"] }, [1, 0]],
    ["a search and digits", { q: "4711", phoneTail: "11", flags: ["late"] }, []],
  ];

  it.each(CASES)("find by %s", async (_name, filter, wanted) => {
    expect(await found(filter)).toEqual(wanted);
  });

  it.each(CASES)(
    "find the same in slices of one and two rows by %s",
    async (_n, filter, wanted) => {
      const slices = { first: 1, most: { payments: 2, attempts: 1 }, patience: 3 };
      const { payments, hasMore } = await listPayments(engine, seal, asked(filter), slices);
      expect(payments.map((one) => made.findIndex(({ id }) => id === one.id))).toEqual(wanted);
      expect(hasMore).toBe(false);
    },
  );

  it("let others have their turn between two slices", async () => {
    const slices = { first: 1, most: { payments: 1, attempts: 1 }, patience: 3 };
    let turns = 0;
    let listing = true;
    const beside = (async () => {
      while (listing) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    await listPayments(engine, seal, asked({ statuses: ["failed"], createdFrom: 1 }), slices);
    listing = false;
    await beside;
    expect(turns).toBeGreaterThan(2);
  });

  it.each(CASES)("come to the sum of what they find by %s", async (_name, filter, wanted) => {
    const paid = wanted.map((n) => made[n]).filter((each) => each?.status === "confirmed");
    expect(await store.payments.totals(asked(filter))).toEqual({
      kind: "exact",
      count: wanted.length,
      confirmedCents: paid.reduce((sum, each) => sum + (each?.amountCents ?? 0), 0),
    });
  });

  it.each(CASES)("go on page by page by %s", async (_name, filter, wanted) => {
    const pages: number[] = [];
    for (let after: Payment | undefined; ; ) {
      const page = await store.payments.list(
        asked({ ...filter, limit: 1, startingAfter: after?.id }),
      );
      const next = page.rows[0]?.payment;
      if (next === undefined) break;
      pages.push(made.findIndex(({ id }) => id === next.id));
      expect(page.hasMore).toBe(pages.length < wanted.length);
      after = next;
    }
    expect(pages).toEqual(wanted);
  });

  it("have the same totals wherever the page begins", async () => {
    const filter = { statuses: ["failed"] } as const;
    const whole = await store.payments.totals(asked(filter));
    expect(whole.count).toBe(3);
    const later = asked({ ...filter, limit: 1, startingAfter: made[6]?.id });
    expect(await store.payments.totals(later)).toEqual(whole);
  });
});
