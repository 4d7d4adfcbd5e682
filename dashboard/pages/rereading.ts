/** What a page has read, read again when something happened: shown stays shown until the answer. */
import { type Signal, signal } from "@preact/signals";
import type { Answer, Failure } from "../client.ts";
import type { Listener } from "../live.ts";

export type Reading<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly value: T; readonly readAt: number };

/** However many payments move, sums are read this often at most. */
const NUDGE_PAUSE_MS = 800;

export interface Rereading<T> extends Listener {
  readonly reading: Signal<Reading<T>>;
  /** Shows the answer to `ask`; another `key` is another question, and what stood there goes. */
  open(key: string, ask: () => Promise<Answer<T>>): Promise<void>;
  reload(): Promise<void>;
}

export function rereading<T>(): Rereading<T> {
  const reading = signal<Reading<T>>({ kind: "loading" });
  let question: { key: string; ask: () => Promise<Answer<T>> } | null = null;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function again(): Promise<void> {
    const asked = question;
    if (asked === null) return;
    const answer = await asked.ask();
    if (asked !== question) return;
    if (answer.ok) reading.value = { kind: "ready", value: answer.value, readAt: Date.now() };
    else if (reading.peek().kind !== "ready") {
      reading.value = { kind: "failed", failure: answer.failure };
    }
  }

  return {
    reading,
    async open(key, ask) {
      if (question?.key !== key) reading.value = { kind: "loading" };
      question = { key, ask };
      await again();
    },
    async reload() {
      reading.value = { kind: "loading" };
      await again();
    },
    ticked: () => void again(),
    nudged() {
      if (pause !== undefined) return;
      pause = setTimeout(() => {
        pause = undefined;
        void again();
      }, NUDGE_PAUSE_MS);
    },
  };
}
