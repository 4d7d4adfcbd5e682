/** The flows over a real SQLite file, with a clock that a test moves and a Daraja that it plays. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Phone } from "../shared/phone.ts";
import type { AttemptId, MerchantId, PaymentId } from "./core/payment.ts";
import { oneApp } from "./daraja/one-app.ts";
import { readCallbackNews } from "./daraja/wire.ts";
import { createSeal } from "./db/seal.ts";
import { type Spoilt, spoil } from "./db/spoil.test-support.ts";
import { openSqlite } from "./db/sqlite.ts";
import { createStore } from "./db/store.ts";
import { asker } from "./flows/ask-result.ts";
import { openPayment, type PaymentWish } from "./flows/open-payment.ts";
import { owedCommits } from "./flows/owed-commits.ts";
import { type PromptDeps, promptCustomer } from "./flows/prompt-customer.ts";
import { nothingSending } from "./flows/sending.ts";
import { lookSweep, type SweepDeps, sweepSends } from "./flows/sweep.ts";
import { systemIds } from "./ids.ts";
import type {
  Clock,
  Daraja,
  LogFields,
  LookAnswer,
  LookGate,
  Merchant,
  PushAnswer,
  PushOrder,
} from "./ports.ts";
import { createTokens } from "./tokens.ts";

/**
 * A clock that stands still until `pass` moves it; sleepers wake as it passes them. `shift` moves the
 * wall's time alone, as NTP does; to pass back does the same.
 */
export function handClock(start = Date.UTC(2025, 10, 23, 9)) {
  let now = start;
  let elapsed = 0;
  let sleepers: { until: number; wake: () => void }[] = [];
  const clock: Clock & { pass(ms: number): void; shift(ms: number): void } = {
    now: () => now,
    elapsed: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const woken = () => reject(new Error("woken"));
        if (signal?.aborted) woken();
        signal?.addEventListener("abort", woken, { once: true });
        const wake = () => {
          signal?.removeEventListener("abort", woken);
          resolve();
        };
        sleepers.push({ until: now + ms, wake });
      }),
    pass(ms) {
      now += ms;
      elapsed += Math.max(0, ms);
      const due = sleepers.filter(({ until }) => until <= now);
      sleepers = sleepers.filter(({ until }) => until > now);
      for (const { wake } of due) wake();
    },
    shift(ms) {
      now += ms;
    },
  };
  return clock;
}

export const SILENT: LookAnswer = { kind: "silent", cause: "processing", description: "4999" };

export interface PlayedDaraja extends Daraja {
  readonly pushes: PushOrder[];
  readonly queries: string[];
  onReady: Daraja["ready"];
  onPush: (order: PushOrder) => Promise<PushAnswer>;
  onQuery: (id: string) => Promise<LookAnswer>;
}

/** A push's ordinary answer; ids are as unique as attempts. */
export function acceptedPush(attemptId: AttemptId): PushAnswer {
  const checkoutRequestId = `ws_CO_${attemptId}`;
  const words = { merchantRequestId: "m-1", customerMessage: "Success" };
  return { kind: "accepted", checkoutRequestId, ...words };
}

function playedDaraja(): PlayedDaraja {
  const played: PlayedDaraja = {
    pushes: [],
    queries: [],
    onReady: async () => ({ ok: true }),
    onPush: async ({ attemptId }) => acceptedPush(attemptId),
    onQuery: async () => SILENT,
    ready: () => played.onReady(),
    push(order) {
      played.pushes.push(order);
      return played.onPush(order);
    },
    query(id) {
      played.queries.push(id);
      return played.onQuery(id);
    },
  };
  return played;
}

/** A promise that never ends: a process that died while it waited. */
export const never = <T>() => new Promise<T>(() => undefined);

/** Everything a flow needs; `processes()` gives the dependencies of one more server process. */
export async function flowHouse() {
  const folder = mkdtempSync(join(tmpdir(), "lipia-flow-"));
  const secret = randomBytes(32);
  const seal = createSeal(secret);
  const logged: { event: string; fields: LogFields }[] = [];
  const write = (event: string, fields: LogFields = {}) => void logged.push({ event, fields });
  const engine = await openSqlite(join(folder, "lipia.db"));
  const store = createStore(engine, seal, { error: write });
  const clock = handClock();
  const daraja = playedDaraja();
  const tokens = createTokens(secret);
  const nudges: { id: PaymentId; merchantId: MerchantId; version: number }[] = [];
  const paced = (gate: LookGate) => oneApp({ daraja, gate });
  const gate: LookGate = { take: () => "go", report: () => undefined };
  const merchant: Merchant = await store.merchants.ensureDefault({
    id: "mer_simulator" as MerchantId,
    environment: "simulator",
    name: "Shop",
    shortcode: "600000",
    allowedOrigins: [],
    pausedAt: null,
  });
  const shared = {
    payments: store.payments,
    inbox: store.inbox,
    clock,
    seal,
    apps: paced(gate),
    ids: systemIds(),
    environment: merchant.environment,
    read: readCallbackNews,
    trust: () => "enough" as const,
    hold: "ends" as const,
    log: { info: write, warn: write, error: write },
    push: { nudge: (payment: (typeof nudges)[number]) => void nudges.push(payment) },
    callbackUrl: (id: AttemptId) => `http://localhost/${tokens.callbackPath(id)}`,
    limitsFor: async (id: MerchantId) => (await store.limits.limitsOf(id)).limits,
  };
  const process = (): PromptDeps & SweepDeps => ({
    ...shared,
    ask: asker(shared),
    sending: nothingSending(),
    owed: owedCommits(shared),
  });
  const deps = process();
  let orders = 0;

  return {
    store,
    clock,
    daraja,
    merchant,
    deps,
    shared,
    gate,
    /** The same Daraja, asked at another pace. */
    paced,
    logged,
    nudges,
    /** Another server process on the same database: it knows nothing of what this one is doing. */
    process,
    /** One beside the default merchant, as an owner adds it. */
    async addMerchant(name: string): Promise<Merchant> {
      orders += 1;
      const id = `mer_further_${orders}` as MerchantId;
      const numbers = { shortcode: `${700_000 + orders}`, till: null, pull: "off" as const };
      const row = { id, environment: merchant.environment, name, ...numbers };
      const by = {
        at: clock.now(),
        actor: "system",
        action: "merchant_added",
        target: id,
      } as const;
      const audit = { ...by, details: {} };
      await store.merchants.add({ ...row, credentialsSealed: null }, audit);
      return (await store.merchants.byId(id)) ?? merchant;
    },
    /** A callback that came in and says nothing. */
    async keepCallback(attemptId: AttemptId, body = "{}"): Promise<string> {
      const id = shared.ids.row("cb");
      const { environment } = merchant;
      const came = { receivedAt: clock.now(), remoteAddress: "127.0.0.1" };
      const bodySealed = seal.seal(body);
      await store.inbox.keep({ id, environment, attemptId, digest: id, bodySealed, ...came });
      return id;
    },
    spoil: (what: Spoilt, id: string) => spoil(engine, what, id),
    async open(wish: Partial<PaymentWish> = {}, of: Merchant = merchant) {
      orders += 1;
      const opened = await openPayment(deps, of, {
        amount: 20,
        amountSource: "server",
        orderReference: `order-${orders}`,
        expiresInSeconds: 86_400,
        ...wish,
      });
      return { ...opened, id: opened.now.payment.id };
    },
    prompt: (id: PaymentId, phone = "254711000001", by: PromptDeps = deps) =>
      promptCustomer(by, id, phone as Phone),
    async read(id: PaymentId) {
      const rows = await store.payments.load(id);
      if (rows === null) throw new Error("no such payment");
      return rows;
    },
    /** What a start does: the sweep of a process that sends nothing yet. */
    restart: () => sweepSends(process(), "start"),
    async [Symbol.asyncDispose]() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type FlowHouse = Awaited<ReturnType<typeof flowHouse>>;

/** One pass of looks, to the last answer. */
export async function sweepLooks(deps: SweepDeps): Promise<number> {
  const looks = lookSweep(deps);
  const due = await looks.pass();
  await looks.settled();
  return due;
}
