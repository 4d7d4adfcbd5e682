/**
 * Plays a plan: waits, moves the money in the ledger, posts the callbacks. A person at the handset
 * may replace the rest of a plan as long as the prompt is open.
 */
import type { HandsetAction } from "../../shared/handset-view.ts";
import type { Clock, Log } from "../ports.ts";
import { createDeliveries, type Deliveries } from "./deliveries.ts";
import { type Dice, receiptCode } from "./ids.ts";
import type { Debit, Prompt, WritableLedger } from "./ledger.ts";
import { FAILURES, PAID } from "./outcomes.ts";
import { personalPlan } from "./personal.ts";
import type { Plan } from "./scenarios.ts";

export interface StageParts {
  readonly ledger: WritableLedger;
  readonly clock: Clock;
  readonly speed: number;
  readonly log: Log;
  readonly dice: Dice;
  /** Called after anything that the handset shows of a prompt has changed. */
  readonly changed: (prompt: Prompt) => void;
}

/** What the handset must know of a running prompt beyond the ledger. */
export interface Running {
  readonly mode: "waiting" | "automatic" | "answered";
  readonly actsAt: number | null;
}

export interface Stage {
  /** Begins a plan; resolves once it is played and its callbacks were answered. */
  start(prompt: Prompt, plan: Plan): Promise<void>;
  /** A person's answer. `gone`: settled or unknown. `busy`: an answer is already on its way. */
  act(promptId: string, action: HandsetAction): "done" | "gone" | "busy";
  running(promptId: string): Running | null;
  close(): Promise<void>;
}

interface Play extends Running {
  readonly abort: AbortController;
}

/** A stage with nothing on it. */
export function createStage(parts: StageParts): Stage {
  const plays = new Map<string, Play>();
  const works = new Set<Promise<void>>();
  const deliveries = createDeliveries(parts);
  let closed = false;
  const { clock, speed, ledger } = parts;

  function run(prompt: Prompt, plan: Plan, mode: Running["mode"]): Promise<void> {
    const acts = plan.steps.find((step) => step.does !== "callback");
    const actsAt = acts === undefined ? null : clock.now() + acts.atMs / speed;
    const play: Play = { abort: new AbortController(), mode, actsAt };
    plays.set(prompt.id, play);
    prompt.callbacksDue = plan.steps.filter((step) => step.does === "callback").length;
    parts.changed(prompt);
    const { signal } = play.abort;
    const ended = perform(parts, deliveries, prompt, plan, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) parts.log.error("simulator_plan_failed", { error: String(error) });
      })
      .finally(() => {
        works.delete(ended);
        if (plays.get(prompt.id) === play) plays.delete(prompt.id);
      });
    works.add(ended);
    if (closed) play.abort.abort();
    return ended;
  }

  return {
    start: (prompt, plan) => run(prompt, plan, plan.waitsForPerson ? "waiting" : "automatic"),
    act(promptId, action) {
      const prompt = ledger.find(promptId);
      const play = plays.get(promptId);
      if (prompt === null || play === undefined || prompt.state !== "open") return "gone";
      if (play.mode === "answered") return "busy";
      play.abort.abort();
      const elapsedMs = (clock.now() - prompt.promptedAt) * speed;
      const { plan, mode } = personalPlan(action, elapsedMs);
      prompt.query = plan.query;
      void run(prompt, plan, mode);
      return "done";
    },
    running: (promptId) => plays.get(promptId) ?? null,
    async close() {
      closed = true;
      for (const play of plays.values()) play.abort.abort();
      await deliveries.close();
      await Promise.allSettled(works);
    },
  };
}

/** Walks through the steps at their times. Rejects when the signal aborts. */
async function perform(
  parts: StageParts,
  deliveries: Deliveries,
  prompt: Prompt,
  plan: Plan,
  signal: AbortSignal,
): Promise<void> {
  const sent: Promise<void>[] = [];
  let elapsedMs = 0;
  for (const step of plan.steps) {
    if (step.atMs > elapsedMs) {
      await parts.clock.sleep((step.atMs - elapsedMs) / parts.speed, signal);
    }
    elapsedMs = step.atMs;
    signal.throwIfAborted();
    const at = parts.clock.now();
    switch (step.does) {
      case "pay":
        parts.ledger.settle(prompt, PAID, at, debit(parts, prompt, plan, at));
        break;
      case "fail":
        parts.ledger.settle(prompt, FAILURES[step.outcome], at, null);
        break;
      case "callback":
        sent.push(deliveries.deliver(prompt, step));
        break;
    }
    parts.changed(prompt);
  }
  await Promise.all(sent);
}

function debit(parts: StageParts, prompt: Prompt, plan: Plan, at: number): Debit {
  let receipt = receiptCode(at, parts.dice);
  while (parts.ledger.hasReceipt(receipt)) receipt = receiptCode(at, parts.dice);
  return { receipt, at, amount: plan.debits?.(prompt.amount) ?? prompt.amount };
}
