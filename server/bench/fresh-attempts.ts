/**
 * Attempts that wait for their callback, made by the real flows and the real core: opened,
 * prompted, fenced, accepted. Hundreds share a transaction, since making them is not measured.
 */
import { parsePhone } from "../../shared/phone.ts";
import { systemClock } from "../clock.ts";
import { happened, type PaymentEvent } from "../core/events.ts";
import { decide, type Subject } from "../core/machine.ts";
import type { PaymentId } from "../core/payment.ts";
import type { Engine, Statement } from "../db/engine.ts";
import { createSeal } from "../db/seal.ts";
import { openSqlite } from "../db/sqlite.ts";
import { createStore } from "../db/store.ts";
import { openPayment } from "../flows/open-payment.ts";
import { CALLBACK_PREFIX } from "../http/callback-routes.ts";
import { systemIds } from "../ids.ts";
import type { Merchant, PaymentStore, Seal } from "../ports.ts";
import type { Tokens } from "../tokens.ts";
import { type PaidPrompt, type Post, paidPost } from "./posts.ts";

/** Payments made in one transaction: small enough that the server's own writes need not wait long. */
const BATCH = 200;
const HOUR_SECONDS = 3_600;

export interface DeskDeps {
  readonly path: string;
  readonly secret: Buffer;
  readonly merchant: Merchant;
  readonly tokens: Tokens;
}

export interface AttemptDesk {
  /** Opens a payment for each prompt and leaves it there. */
  open(prompts: readonly PaidPrompt[]): Promise<readonly PaymentId[]>;
  /** Opens, prompts and accepts; gives the callbacks that pay them. */
  prepare(prompts: readonly PaidPrompt[]): Promise<readonly Post[]>;
  close(): Promise<void>;
}

/** A second connection to the server's database. */
export async function attemptDesk(deps: DeskDeps): Promise<AttemptDesk> {
  const engine = await openSqlite(deps.path);
  const seal = createSeal(deps.secret);
  async function inBatches<T>(
    prompts: readonly PaidPrompt[],
    make: (store: PaymentStore, prompt: PaidPrompt) => Promise<T>,
  ): Promise<T[]> {
    const made: T[] = [];
    for (let from = 0; from < prompts.length; from += BATCH) {
      const { collecting, flush } = collector(engine);
      const store = createStore(collecting, seal).payments;
      for (const prompt of prompts.slice(from, from + BATCH)) made.push(await make(store, prompt));
      await flush();
    }
    return made;
  }
  return {
    open: (prompts) =>
      inBatches(prompts, async (store, prompt) => {
        return (await openedPayment(deps, store, prompt)).payment.id;
      }),
    prepare: (prompts) =>
      inBatches(prompts, (store, prompt) => pendingAttempt(deps, seal, store, prompt)),
    close: () => engine.close(),
  };
}

/** Says yes to every commit and runs them later as one; a guard that misses then is an error. */
function collector(engine: Engine) {
  const statements: Statement[] = [];
  const collecting: Engine = {
    ...engine,
    commit: async (more) => {
      statements.push(...more);
      return { ok: true };
    },
  };
  const flush = async () => {
    const done = await engine.commit(statements);
    if (!done.ok) throw new Error(`preparing attempts missed the guard ${done.missed}`);
  };
  return { collecting, flush };
}

const clock = systemClock();
const ids = systemIds();
const log = { info: () => {}, warn: () => {}, error: () => {} };
const push = { nudge: () => {} };

async function openedPayment(
  { merchant }: DeskDeps,
  payments: PaymentStore,
  { sequence, amount }: PaidPrompt,
): Promise<Subject> {
  const opened = await openPayment({ payments, clock, ids, log, push }, merchant, {
    amount,
    amountSource: "server",
    orderReference: `B${String(sequence).padStart(9, "0")}`,
    expiresInSeconds: HOUR_SECONDS,
  });
  if (opened.kind !== "opened") throw new Error(`a fresh order was ${opened.kind}`);
  return { ...opened.now, siblings: [] };
}

async function pendingAttempt(
  deps: DeskDeps,
  seal: Seal,
  payments: PaymentStore,
  prompt: PaidPrompt,
): Promise<Post> {
  const attemptId = ids.attempt();
  const phone = parsePhone(prompt.phone);
  if (phone === null) throw new Error("a made-up phone number was not one");
  const { checkoutRequestId, merchantRequestId } = prompt;
  const events: readonly PaymentEvent[] = [
    {
      type: "prompt",
      attemptId,
      phoneHash: seal.hash("phone", phone),
      phoneTail: phone.slice(-4),
      ofPhone: [],
      limits: "exempt",
      by: null,
    },
    happened("fence", attemptId),
    happened("accepted", attemptId, { checkoutRequestId, merchantRequestId }),
  ];
  let subject = await openedPayment(deps, payments, prompt);
  for (const event of events) subject = await moved(payments, subject, event, { phone });
  return paidPost(prompt, CALLBACK_PREFIX + deps.tokens.callbackPath(attemptId));
}

async function moved(
  payments: PaymentStore,
  before: Subject,
  event: PaymentEvent,
  extra: Parameters<PaymentStore["apply"]>[1],
): Promise<Subject> {
  const change = decide(before, event, clock.now());
  if (change.kind !== "change") throw new Error(`${event.type} changed nothing`);
  await payments.apply(change, extra);
  const next = new Map(before.attempts.map((attempt) => [attempt.id, attempt]));
  for (const attempt of change.attempts) next.set(attempt.id, attempt);
  if (change.created !== null) next.set(change.created.id, change.created);
  return { payment: change.payment, attempts: [...next.values()], siblings: [] };
}
