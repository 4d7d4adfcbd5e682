/**
 * The oracle: phones, prompts, customers and the ledger. What stands here is what truly happened;
 * what the server learns of it passes through Daraja and the postman, who garble and lose.
 */
import { nairobiDate } from "../../shared/nairobi.ts";
import type { Phone } from "../../shared/phone.ts";
import { receiptDateLetters } from "../../shared/receipt.ts";
import type { AttemptId } from "../core/payment.ts";
import { classifyResultCode } from "../core/result-codes.ts";
import type { PushOrder } from "../ports.ts";
import type { Plan } from "./plan.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface Debit {
  readonly attemptId: AttemptId;
  readonly receipt: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly at: number;
}

export type PromptEnd =
  | { readonly kind: "live" }
  | { readonly kind: "paid"; readonly debit: Debit }
  | { readonly kind: "failed"; readonly code: string };

export interface Prompt {
  readonly checkoutRequestId: string;
  readonly merchantRequestId: string;
  readonly attemptId: AttemptId;
  readonly phone: Phone;
  readonly amount: number;
  /** The path of the attempt's own callback address. */
  readonly path: string;
  readonly shownAt: number;
  /** When the customer's answer, or the end of patience, comes. */
  readonly endsAt: number;
  end: PromptEnd;
  /** From when on Daraja's query could name a verdict; null while there is none, as for a code in doubt. */
  verdictAt: number | null;
}

export interface Mpesa {
  readonly prompts: readonly Prompt[];
  readonly debits: readonly Debit[];
  /** Shows a prompt on the phone; its customer answers in time. */
  show(order: PushOrder): Prompt;
  busy(phone: Phone): boolean;
  byId(checkoutRequestId: string): Prompt | undefined;
  /** A receipt code of the day that nobody was given. */
  freshReceipt(): string;
}

/** Definite failures of machine §7, and two codes that are none. */
const FAILURE_CODES = ["1", "1001", "1019", "1025", "1037", "17", "2001", "2028", "26", "8006"];
const DOUBTFUL_CODES = ["E3008", "1036", "BW-JMS-100039"];
const CHANGE_OF_MIND_MAX_MS = 400_000;

/** Whoever carries the news. */
export interface Observer {
  shown(prompt: Prompt): void;
  /** The end of a prompt came; again when a failed one is paid after all. */
  ended(prompt: Prompt): void;
}

export function createMpesa(time: VirtualTime, plan: Plan, observer: Observer): Mpesa {
  const random = plan.random("mpesa");
  const prompts: Prompt[] = [];
  const debits: Debit[] = [];
  let receipts = 0;

  function freshReceipt(): string {
    const { year, month, day } = nairobiDate(time.now());
    receipts += 1;
    return (
      receiptDateLetters(year, month, day) + receipts.toString(36).toUpperCase().padStart(7, "0")
    );
  }

  function pay(prompt: Prompt): void {
    const { attemptId, amount } = prompt;
    const debit = { attemptId, receipt: freshReceipt(), amount, at: time.now() };
    prompt.end = { kind: "paid", debit };
    prompt.verdictAt ??= time.now();
    debits.push(debit);
    observer.ended(prompt);
  }

  function fail(prompt: Prompt, code: string): void {
    prompt.end = { kind: "failed", code };
    if (classifyResultCode(code).kind === "failure") prompt.verdictAt ??= time.now();
    observer.ended(prompt);
    const soon = time.now() + random.between(1_000, CHANGE_OF_MIND_MAX_MS);
    if (random.chance(plan.faults.changedMind)) time.at(soon, () => pay(prompt));
  }

  function customer(): { afterMs: number; code: string | null } {
    const seconds = (low: number, high: number) => random.between(low * 1_000, high * 1_000);
    switch (
      random.weighted({ quick: 3, slow: 2, late: 2, cancels: 2, silent: 2, fails: 2, odd: 0.3 })
    ) {
      case "quick":
        return { afterMs: random.between(50, 12_000), code: null };
      case "slow":
        return { afterMs: seconds(12, 115), code: null };
      case "late":
        return { afterMs: seconds(115, 600), code: null };
      case "cancels":
        return { afterMs: seconds(1, 40), code: "1032" };
      case "silent":
        return { afterMs: seconds(25, 180), code: "1037" };
      case "fails":
        return { afterMs: seconds(1, 60), code: random.pick(FAILURE_CODES) };
      case "odd":
        return { afterMs: seconds(1, 60), code: random.pick(DOUBTFUL_CODES) };
    }
  }

  return {
    prompts,
    debits,
    freshReceipt,
    show(order) {
      const { afterMs, code } = customer();
      const count = prompts.length + 1;
      const prompt: Prompt = {
        checkoutRequestId: `ws_CO_${String(time.now()).slice(-12)}${count}${order.phone.slice(-9)}`,
        merchantRequestId: `4a1b-${count}`,
        attemptId: order.attemptId,
        phone: order.phone,
        amount: order.amount,
        path: order.callbackUrl,
        shownAt: time.now(),
        endsAt: time.now() + afterMs,
        end: { kind: "live" },
        verdictAt: null,
      };
      prompts.push(prompt);
      observer.shown(prompt);
      time.at(prompt.endsAt, () => (code === null ? pay(prompt) : fail(prompt, code)));
      return prompt;
    },
    busy: (phone) => prompts.some((one) => one.phone === phone && one.end.kind === "live"),
    byId: (id) => prompts.find((one) => one.checkoutRequestId === id),
  };
}
