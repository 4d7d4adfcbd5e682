/**
 * Plays a plan: waits, moves the money in the ledger, posts the callbacks. A person at the handset
 * may replace the rest of a plan as long as the prompt is open.
 */
import type { HandsetAction } from "../../shared/handset-view.ts";
import type { Clock, Log } from "../ports.ts";
import { callbackBody, postCallback } from "./callbacks.ts";
import { type Dice, merchantRequestId, receiptCode } from "./ids.ts";
import type { Debit, Prompt, WritableLedger } from "./ledger.ts";
import { FAILURES, PAID } from "./outcomes.ts";
import { personalPlan } from "./personal.ts";
import type { Plan, Step } from "./scenarios.ts";

/** A receiver this slow was recorded to get the same callback again (daraja.md §4); real time. */
const SLOW_MS = 2_000;
/** Mostly 6 s apart. */
const REDELIVERY_AFTER_MS = 6_000;

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
  const works = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const { clock, speed, ledger } = parts;

  function track<T>(work: Promise<T>): Promise<T> {
    works.add(work);
    void work.finally(() => works.delete(work)).catch(() => undefined);
    return work;
  }

  function run(prompt: Prompt, plan: Plan, mode: Running["mode"]): Promise<void> {
    const abort = new AbortController();
    const acts = plan.steps.find((step) => step.does !== "callback");
    const actsAt = acts === undefined ? null : clock.now() + acts.atMs / speed;
    const play: Play = { abort, mode, actsAt };
    plays.set(prompt.id, play);
    prompt.callbacksDue = plan.steps.filter((step) => step.does === "callback").length;
    parts.changed(prompt);
    const ended = perform(prompt, plan, abort.signal)
      .catch((error: unknown) => reportUnlessAborted(error, abort.signal))
      .finally(() => {
        if (plays.get(prompt.id) === play) plays.delete(prompt.id);
      });
    return track(ended);
  }

  async function perform(prompt: Prompt, plan: Plan, signal: AbortSignal): Promise<void> {
    const deliveries: Promise<void>[] = [];
    let elapsedMs = 0;
    for (const step of plan.steps) {
      if (step.atMs > elapsedMs) await clock.sleep((step.atMs - elapsedMs) / speed, signal);
      elapsedMs = step.atMs;
      signal.throwIfAborted();
      if (step.does === "callback") deliveries.push(deliver(prompt, step));
      else settle(prompt, plan, step);
      parts.changed(prompt);
    }
    await Promise.all(deliveries);
  }

  function settle(prompt: Prompt, plan: Plan, step: Exclude<Step, { does: "callback" }>): void {
    const at = clock.now();
    if (step.does === "fail") ledger.settle(prompt, FAILURES[step.outcome], at, null);
    else ledger.settle(prompt, PAID, at, debit(prompt, plan, at));
  }

  function debit(prompt: Prompt, plan: Plan, at: number): Debit {
    let receipt = receiptCode(at, parts.dice);
    while (ledger.hasReceipt(receipt)) receipt = receiptCode(at, parts.dice);
    return { receipt, at, amount: plan.debits?.(prompt.amount) ?? prompt.amount };
  }

  async function deliver(prompt: Prompt, step: Extract<Step, { does: "callback" }>): Promise<void> {
    const other = step.newMerchantRequestId ? merchantRequestId(parts.dice) : undefined;
    const body = callbackBody(prompt, other);
    prompt.callbacksDue -= 1;
    const tookMs = await track(post(prompt, body));
    if (tookMs < SLOW_MS || closing.signal.aborted) return;
    const again = clock
      .sleep(Math.max(0, REDELIVERY_AFTER_MS - tookMs) / speed, closing.signal)
      .then(() => post(prompt, body))
      .catch(() => undefined);
    void track(again);
  }

  async function post(prompt: Prompt, body: string): Promise<number> {
    const sentAt = performance.now();
    const code = prompt.outcome?.code ?? "";
    const sent: Prompt["callbacks"][number] = {
      at: clock.now(),
      body,
      resultCode: code,
      answer: "waiting",
    };
    prompt.callbacks.push(sent);
    const answer = await postCallback(prompt.callbackUrl, body, prompt.shortcode, closing.signal);
    sent.answer = answer;
    parts.changed(prompt);
    const fields = { scenario: prompt.scenario, resultCode: String(code), status: String(answer) };
    if (answer === "unreachable") parts.log.warn("simulator_callback_lost", fields);
    else parts.log.info("simulator_callback", fields);
    return performance.now() - sentAt;
  }

  function reportUnlessAborted(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    parts.log.error("simulator_plan_failed", { error: String(error) });
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
      closing.abort();
      for (const play of plays.values()) play.abort.abort();
      await Promise.allSettled(works);
    },
  };
}
