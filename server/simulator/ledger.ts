/**
 * The truth: which prompts reached which phones and which money moved. Tests ask it what really
 * happened; the payments of Lipia must agree with it (machine I19). In memory and bounded.
 */
import type { TestScenario } from "../../shared/handset-view.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { Outcome } from "./outcomes.ts";
import type { PushBehaviour } from "./scenarios.ts";

/** Oldest settled prompts are forgotten beyond this; about 1 kB each. */
const PROMPTS_MAX = 20_000;

export interface Debit {
  readonly receipt: Receipt;
  /** Whole shillings that left the customer. */
  readonly amount: number;
  readonly at: number;
}

/** One callback that was sent, byte for byte. */
export interface SentCallback {
  readonly at: number;
  readonly body: string;
  readonly resultCode: number | string;
  /** HTTP status of the receiver, or why there was none. */
  answer: number | "waiting" | "unreachable";
}

export interface Prompt {
  readonly id: string;
  readonly checkoutRequestId: string;
  readonly merchantRequestId: string;
  readonly shortcode: string;
  readonly merchantName: string;
  readonly phone: string;
  /** Whole shillings asked for. */
  readonly amount: number;
  readonly accountReference: string;
  readonly callbackUrl: string;
  readonly scenario: TestScenario | null;
  readonly push: PushBehaviour;
  readonly reachesPhone: boolean;
  readonly promptedAt: number;
  /** Counts from 0; callback shapes vary with it. */
  readonly sequence: number;
  query: "truth" | "processing";
  /** `open` until the customer did something; a failed prompt may still be paid (row 19). */
  state: "open" | "paid" | "failed";
  outcome: Outcome | null;
  settledAt: number | null;
  debit: Debit | null;
  readonly callbacks: SentCallback[];
  callbacksDue: number;
}

/** A push that was refused or never became a prompt. */
export interface UnpromptedPush {
  readonly at: number;
  readonly phone: string;
  readonly amount: number;
  readonly accountReference: string;
  readonly push: PushBehaviour;
}

/** What tests and the handset may read. */
export interface Ledger {
  /** Oldest first. */
  prompts(): readonly Readonly<Prompt>[];
  /** Pushes that ended as rows 12, 13, 14 and 20 do: no prompt, no money. */
  unprompted(): readonly UnpromptedPush[];
  byCheckoutRequestId(id: string): Readonly<Prompt> | null;
  byAccountReference(reference: string): readonly Readonly<Prompt>[];
  debits(): readonly (Debit & { readonly prompt: Readonly<Prompt> })[];
  /** Whole shillings debited since the start, forgotten prompts included. */
  totalDebited(): number;
}

export interface WritableLedger extends Ledger {
  /** The number of prompts ever added. */
  count(): number;
  /** Adds a prompt; false when the book is full of unsettled ones. */
  add(prompt: Prompt): boolean;
  addUnprompted(push: UnpromptedPush): void;
  find(promptId: string): Prompt | null;
  /** The unsettled prompt that holds this phone's lock. */
  openOn(phone: string): Prompt | null;
  hasReceipt(receipt: string): boolean;
  settle(prompt: Prompt, outcome: Outcome, at: number, debit: Debit | null): void;
}

interface Book {
  readonly byId: Map<string, Prompt>;
  readonly byCheckout: Map<string, Prompt>;
  readonly openByPhone: Map<string, Prompt>;
  readonly receipts: Set<string>;
  readonly unprompted: UnpromptedPush[];
  total: number;
  count: number;
}

/** An empty ledger that keeps at most `promptsMax` prompts. */
export function createLedger(promptsMax = PROMPTS_MAX): WritableLedger {
  const book: Book = {
    byId: new Map(),
    byCheckout: new Map(),
    openByPhone: new Map(),
    receipts: new Set(),
    unprompted: [],
    total: 0,
    count: 0,
  };
  return { ...reading(book), ...writing(book, promptsMax) };
}

function reading(book: Book): Ledger {
  const all = () => [...book.byId.values()];
  return {
    prompts: all,
    unprompted: () => [...book.unprompted],
    byCheckoutRequestId: (id) => book.byCheckout.get(id) ?? null,
    byAccountReference: (reference) =>
      all().filter((prompt) => prompt.accountReference === reference),
    debits: () => all().flatMap((prompt) => (prompt.debit ? [{ ...prompt.debit, prompt }] : [])),
    totalDebited: () => book.total,
  };
}

function writing(book: Book, promptsMax: number): Omit<WritableLedger, keyof Ledger> {
  return {
    count: () => book.count,
    add(prompt) {
      if (book.byId.size >= promptsMax && !forgetOldest(book)) return false;
      book.count += 1;
      book.byId.set(prompt.id, prompt);
      book.byCheckout.set(prompt.checkoutRequestId, prompt);
      if (prompt.reachesPhone) book.openByPhone.set(prompt.phone, prompt);
      return true;
    },
    addUnprompted(push) {
      book.unprompted.push(push);
      if (book.unprompted.length > promptsMax) book.unprompted.shift();
    },
    find: (promptId) => book.byId.get(promptId) ?? null,
    openOn: (phone) => book.openByPhone.get(phone) ?? null,
    hasReceipt: (receipt) => book.receipts.has(receipt),
    settle(prompt, outcome, at, debit) {
      prompt.outcome = outcome;
      prompt.settledAt = at;
      prompt.state = debit === null ? "failed" : "paid";
      if (book.openByPhone.get(prompt.phone) === prompt) book.openByPhone.delete(prompt.phone);
      if (debit === null) return;
      prompt.debit = debit;
      book.receipts.add(debit.receipt);
      book.total += debit.amount;
    },
  };
}

/** Insertion order is age; a settled prompt that still owes callbacks stays. */
function forgetOldest(book: Book): boolean {
  for (const prompt of book.byId.values()) {
    if (prompt.state === "open" || prompt.callbacksDue > 0) continue;
    book.byId.delete(prompt.id);
    book.byCheckout.delete(prompt.checkoutRequestId);
    if (prompt.debit) book.receipts.delete(prompt.debit.receipt);
    return true;
  }
  return false;
}
