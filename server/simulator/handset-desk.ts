/** What the handset shows: the open prompts and the last messages, kept apart from the ledger. */
import type { HandsetMessage, HandsetPrompt, HandsetState } from "../../shared/handset-view.ts";
import { maskedPhone, type Phone, phoneTail, readablePhone } from "../../shared/phone.ts";
import type { Clock } from "../ports.ts";
import type { Prompt } from "./ledger.ts";
import type { Stage } from "./stage.ts";

/** A person looks at one phone, not at a load run. */
const PROMPTS_MAX = 20;
const MESSAGES_MAX = 30;
/** Open prompts that are remembered, so that one that waits outlives a burst of others. */
const OPEN_MAX = 500;
/** At most so many states a second to each page. */
const TELL_EVERY_MS = 80;

export interface Desk {
  note(prompt: Prompt): void;
  state(): HandsetState;
  /** Calls `told` soon after each change until the returned function is called, `ended` on close. */
  watch(told: (state: HandsetState) => void, ended: () => void): () => void;
  watchers(): number;
  close(): void;
}

/** An empty desk. */
export function createDesk(clock: Clock, running: Stage["running"]): Desk {
  const open = new Map<string, Prompt>();
  const settled = new Map<string, Prompt>();
  const watchers = new Map<(state: HandsetState) => void, () => void>();
  let closed = false;
  let telling: NodeJS.Timeout | null = null;

  const state = (): HandsetState => ({
    now: clock.now(),
    prompts: [...open.values()]
      .slice(-PROMPTS_MAX)
      .flatMap((prompt) => promptView(prompt, running)),
    messages: [...settled.values()].reverse().flatMap(messageView),
  });

  function tell(): void {
    telling = null;
    const now = state();
    for (const told of watchers.keys()) told(now);
  }

  return {
    note(prompt) {
      if (!prompt.reachesPhone) return;
      if (prompt.state === "open") {
        keep(open, prompt, OPEN_MAX);
      } else {
        open.delete(prompt.id);
        keep(settled, prompt, MESSAGES_MAX);
      }
      if (watchers.size > 0 && telling === null) telling = setTimeout(tell, TELL_EVERY_MS);
    },
    state,
    watch(told, ended) {
      // A page reconnects at once; it must not hold up a server that is stopping.
      if (closed) ended();
      else watchers.set(told, ended);
      return () => watchers.delete(told);
    },
    watchers: () => watchers.size,
    close() {
      closed = true;
      if (telling !== null) clearTimeout(telling);
      for (const ended of watchers.values()) ended();
      watchers.clear();
    },
  };
}

/** Insertion order is age; the oldest goes first. */
function keep(map: Map<string, Prompt>, prompt: Prompt, most: number): void {
  map.set(prompt.id, prompt);
  const oldest = map.keys().next().value;
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

/** Test numbers are nobody's and are shown whole; any other may be a person's. */
function shownPhone(prompt: Prompt): string {
  const phone = prompt.phone as Phone;
  return prompt.scenario === null ? maskedPhone(phoneTail(phone)) : readablePhone(phone);
}

function promptView(prompt: Prompt, running: Stage["running"]): readonly HandsetPrompt[] {
  const play = running(prompt.id);
  if (play === null) return [];
  const { id, scenario, merchantName, amount, accountReference, promptedAt } = prompt;
  const { mode, actsAt } = play;
  const phone = shownPhone(prompt);
  return [
    { id, scenario, phone, merchantName, amount, accountReference, mode, actsAt, promptedAt },
  ];
}

function messageView(prompt: Prompt): readonly HandsetMessage[] {
  const { id, merchantName, amount, accountReference, outcome, settledAt, callbacksDue } = prompt;
  if (outcome === null || settledAt === null) return [];
  return [
    {
      id,
      at: settledAt,
      note: outcome.note,
      phone: shownPhone(prompt),
      merchantName,
      amount: prompt.debit?.amount ?? amount,
      accountReference,
      receipt: prompt.debit?.receipt ?? null,
      resultCode: String(outcome.code),
      callbacksDue,
      callbacksDelivered: prompt.callbacks.filter(({ answer }) => answer === 200).length,
    },
  ];
}
