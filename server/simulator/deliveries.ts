/** Sends callbacks, keeps what was sent and answered, and repeats where the receiver is slow. */
import { setMaxListeners } from "node:events";
import { callbackBody, postCallback } from "./callbacks.ts";
import { merchantRequestId } from "./ids.ts";
import type { Prompt, SentCallback } from "./ledger.ts";
import type { CallbackStep } from "./scenarios.ts";
import type { StageParts } from "./stage.ts";

/** A receiver this slow was recorded to get the same callback again (daraja.md §4); real time. */
const SLOW_MS = 2_000;
/** Mostly 6 s apart. */
const REDELIVERY_AFTER_MS = 6_000;

export interface Deliveries {
  /** Resolves once the receiver answered or failed to; a repeat goes on by itself. */
  deliver(prompt: Prompt, step: CallbackStep): Promise<void>;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

/** Nothing under way. */
export function createDeliveries(parts: StageParts): Deliveries {
  const closing = new AbortController();
  // Hundreds of callbacks may be under way at once; each listens for the one end.
  setMaxListeners(0, closing.signal);
  const repeats = new Set<Promise<unknown>>();

  async function repeat(prompt: Prompt, body: string, tookMs: number): Promise<void> {
    const restMs = Math.max(0, REDELIVERY_AFTER_MS - tookMs);
    try {
      await parts.clock.sleep(restMs / parts.speed, closing.signal);
      await post(parts, prompt, body, closing.signal);
    } catch (error) {
      if (!closing.signal.aborted) throw error;
    }
  }

  return {
    async deliver(prompt, step) {
      const other = step.newMerchantRequestId ? merchantRequestId(parts.dice) : undefined;
      const body = callbackBody(prompt, other);
      prompt.callbacksDue -= 1;
      const tookMs = await post(parts, prompt, body, closing.signal);
      if (tookMs < SLOW_MS || closing.signal.aborted) return;
      const again = repeat(prompt, body, tookMs).finally(() => repeats.delete(again));
      repeats.add(again);
    },
    async close() {
      closing.abort();
      await Promise.allSettled(repeats);
    },
  };
}

/** Posts, and gives how long it took in real milliseconds. */
async function post(
  parts: StageParts,
  prompt: Prompt,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const sentAt = performance.now();
  const resultCode = prompt.outcome?.code ?? "";
  const sent: SentCallback = { at: parts.clock.now(), body, resultCode, answer: "waiting" };
  prompt.callbacks.push(sent);
  sent.answer = await postCallback(prompt.callbackUrl, body, prompt.shortcode, signal);
  parts.changed(prompt);
  const fields = {
    scenario: prompt.scenario,
    resultCode: String(resultCode),
    status: String(sent.answer),
  };
  if (sent.answer === "unreachable") parts.log.warn("simulator_callback_lost", fields);
  else parts.log.info("simulator_callback", fields);
  return performance.now() - sentAt;
}
