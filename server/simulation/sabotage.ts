/**
 * Known mistakes of payment plugins, switched on by tests only: a simulation that does not catch
 * them proves nothing.
 */
import { happened } from "../core/events.ts";
import type { CallbackNews } from "../core/evidence.ts";
import { type AdvanceDeps, advance } from "../flows/advance.ts";
import type { Ask } from "../flows/ask-result.ts";
import type { Daraja, InboxStore, PaymentStore } from "../ports.ts";
import type { Tokens } from "../tokens.ts";

/** What a mistake may replace in the wiring of a process. */
export interface Sabotage {
  daraja(daraja: Daraja): Daraja;
  ask(ask: Ask, deps: AdvanceDeps): Ask;
  read(news: CallbackNews | null): CallbackNews | null;
  tokens(tokens: Tokens): Tokens;
  inbox(inbox: InboxStore): InboxStore;
  payments(payments: PaymentStore): PaymentStore;
}

const NONE: Sabotage = {
  daraja: (daraja) => daraja,
  ask: (ask) => ask,
  read: (news) => news,
  tokens: (tokens) => tokens,
  inbox: (inbox) => inbox,
  payments: (payments) => payments,
};

/** A cast as plugins write it: what does not begin with a digit becomes 0. */
function cast(code: string | number): number {
  const number = Number.parseInt(String(code), 10);
  return Number.isNaN(number) ? 0 : number;
}

/** A doubt without an id is let go by the clock alone. */
const RELEASED_AFTER_MS = 180_000;

export const MISTAKES = {
  none: NONE,
  "second push after an unknown outcome": {
    ...NONE,
    daraja: (daraja) => ({
      ...daraja,
      async push(order) {
        const first = await daraja.push(order);
        return first.kind === "unknown" ? daraja.push(order) : first;
      },
    }),
  },
  "a doubt without an id is released by the clock": {
    ...NONE,
    ask: (ask, deps) => async (attemptId, priority) => {
      const paymentId = await deps.payments.paymentOfAttempt(attemptId);
      const rows = paymentId === null ? null : await deps.payments.load(paymentId);
      const attempt = rows?.attempts.find(({ id }) => id === attemptId);
      const since = attempt?.inDoubtAt ?? null;
      if (paymentId !== null && since !== null && attempt?.checkoutRequestId === null) {
        if (deps.clock.now() >= since + RELEASED_AFTER_MS) {
          await advance(deps, paymentId, happened("rejected", attemptId));
        }
      }
      await ask(attemptId, priority);
    },
  },
  "4999 is a failure": {
    ...NONE,
    daraja: (daraja) => ({
      ...daraja,
      async query(id, attemptId) {
        const answer = await daraja.query(id, attemptId);
        return answer.kind === "silent" && answer.cause === "processing"
          ? { kind: "failure", code: "4999", description: answer.description }
          : answer;
      },
    }),
  },
  "an unreachable query is a failure": {
    ...NONE,
    daraja: (daraja) => ({
      ...daraja,
      async query(id, attemptId) {
        const answer = await daraja.query(id, attemptId);
        return answer.kind === "silent" && answer.cause === "unreachable"
          ? { kind: "failure", code: "1037", description: answer.description }
          : answer;
      },
    }),
  },
  "success by cast": {
    ...NONE,
    read: (news) => (news === null ? null : { ...news, resultCode: cast(news.resultCode) }),
  },
  "any address is believed": {
    ...NONE,
    tokens: (tokens) => ({
      ...tokens,
      attemptOfPath: (attempt) => (attempt === "" ? null : (attempt as never)),
    }),
  },
  "a callback is acknowledged without being kept": {
    ...NONE,
    inbox: (inbox) => ({ ...inbox, keep: async (row) => inbox.keep(row).catch(() => "kept") }),
  },
  "a lost push answer means not sent": {
    ...NONE,
    daraja: (daraja) => ({
      ...daraja,
      async push(order) {
        const answer = await daraja.push(order);
        return answer.kind === "unknown"
          ? { kind: "not_sent", cause: "network", description: answer.description }
          : answer;
      },
    }),
  },
  "one source is enough for ever": {
    ...NONE,
    ask: (ask, deps) => async (attemptId, priority) => {
      const paymentId = await deps.payments.paymentOfAttempt(attemptId);
      const rows = paymentId === null ? null : await deps.payments.load(paymentId);
      const attempt = rows?.attempts.find(({ id }) => id === attemptId);
      if (attempt?.state !== "confirmed") await ask(attemptId, priority);
    },
  },
  "due looks are forgotten": {
    ...NONE,
    payments: (payments) => ({ ...payments, due: async () => [] }),
  },
} as const satisfies Readonly<Record<string, Sabotage>>;

export type Mistake = keyof typeof MISTAKES;
