/** The list as the page shows it: what was read, what went wrong, and what is on its way. */
import { effect, signal } from "@preact/signals";
import type { PaymentNudge } from "../../../shared/push-events.ts";
import { type Failure, readPayment, readPayments } from "../../client.ts";
import { type ListFilter, listPath, NO_FILTER } from "../../list-filter.ts";
import { forgetSearches } from "../../private-search.ts";
import { session } from "../../session.ts";
import {
  type Arrival,
  firstPage,
  holds,
  isNews,
  type ListState,
  withFreshPage,
  withIncomingShown,
  withOlderPage,
  withPayment,
} from "./list-state.ts";

export type Reading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly list: ListState; readonly readAt: number };

/** A burst of nudges is read at most this often, and one by one only while they are few. */
const NUDGE_PAUSE_MS = 250;
const ROWS_ONE_BY_ONE_MAX = 5;
const FRESH_PAGE_MAX = 100;

export const reading = signal<Reading>({ kind: "loading" });
export const loadingMore = signal<"no" | "yes" | "failed">("no");
/** The row that the keyboard stands on, kept while its payment's page is open. */
export const cursor = signal<string | null>(null);

let filter: ListFilter | null = null;
/** Grows with every new list; an answer to an older question is thrown away. */
let question = 0;
let arrival: () => Arrival = () => "show";
const nudges = new Map<string, number>();
let pause: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  if (session.value.kind === "out") forgetSearches();
});

/** Says, whenever rows arrive, whether they may be shown at once. */
export function decideArrivals(decide: () => Arrival): void {
  arrival = decide;
}

/** Shows the list of a filter; the same filter again keeps the rows and only looks for news. */
export async function openList(wanted: ListFilter): Promise<void> {
  const same = filter !== null && listPath(filter) === listPath(wanted);
  if (same && reading.peek().kind === "ready") return refresh();
  filter = wanted;
  cursor.value = null;
  await reload();
}

/** The address of the list as it was left. */
export function backToList(): string {
  return listPath(filter ?? NO_FILTER);
}

/** Reads the list anew from the top. */
export async function reload(): Promise<void> {
  if (filter === null) return;
  question += 1;
  const asked = question;
  reading.value = { kind: "loading" };
  loadingMore.value = "no";
  const answer = await readPayments(filter, null);
  if (asked !== question) return;
  reading.value = answer.ok
    ? { kind: "ready", list: firstPage(answer.value), readAt: Date.now() }
    : { kind: "failed", failure: answer.failure };
}

/** Looks for news without disturbing what is shown; a failure leaves everything as it is. */
export async function refresh(limit?: number): Promise<void> {
  if (filter === null) return;
  const asked = question;
  const answer = await readPayments(filter, null, limit);
  if (asked !== question || !answer.ok) return;
  if (reading.peek().kind !== "ready") {
    reading.value = { kind: "ready", list: firstPage(answer.value), readAt: Date.now() };
    return;
  }
  change((list) => withFreshPage(list, answer.value, arrival()), "fresh");
}

/** Reads the next older page. */
export async function loadMore(): Promise<void> {
  const now = reading.peek();
  if (filter === null || now.kind !== "ready" || loadingMore.peek() === "yes") return;
  const last = now.list.rows.at(-1);
  if (last === undefined) return;
  const asked = question;
  loadingMore.value = "yes";
  const answer = await readPayments(filter, last.id);
  if (asked !== question) return;
  loadingMore.value = answer.ok ? "no" : "failed";
  if (answer.ok) change((list) => withOlderPage(list, answer.value));
}

/** Shows the arrivals that were held back. */
export function showIncoming(): void {
  const now = reading.peek();
  if (now.kind !== "ready") return;
  if (now.list.gap) void reload();
  else change(withIncomingShown);
}

/** Remembers that a payment changed, and reads soon. */
export function nudged({ id, version }: PaymentNudge): void {
  nudges.set(id, Math.max(version, nudges.get(id) ?? 0));
  if (pause !== undefined) return;
  pause = setTimeout(() => {
    pause = undefined;
    void readNudged();
  }, NUDGE_PAUSE_MS);
}

async function readNudged(): Promise<void> {
  const now = reading.peek();
  if (now.kind !== "ready") return nudges.clear();
  const news = [...nudges].filter(([id, version]) => isNews(now.list, id, version));
  nudges.clear();
  const known = news.filter(([id]) => holds(now.list, id));
  if (known.length > ROWS_ONE_BY_ONE_MAX) return refresh(FRESH_PAGE_MAX);
  if (news.length > known.length) await refresh();
  await Promise.all(known.map(([id]) => readRow(id)));
}

async function readRow(id: string): Promise<void> {
  const answer = await readPayment(id);
  if (answer.ok) change((list) => withPayment(list, answer.value.payment));
}

function change(next: (list: ListState) => ListState, age: "fresh" | "same" = "same"): void {
  const now = reading.peek();
  if (now.kind !== "ready") return;
  const readAt = age === "fresh" ? Date.now() : now.readAt;
  reading.value = { kind: "ready", list: next(now.list), readAt };
}
