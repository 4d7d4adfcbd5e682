/**
 * Commits that the store refused and that carry news which comes only once: a push answer, a
 * callback's body. They are tried again for as long as the process lives (machine §3, §6 P3'), so
 * that a full disk is over when it is over, without a restart.
 */
import { setMaxListeners } from "node:events";
import type { AttemptId } from "../core/payment.ts";
import type { Clock, Log } from "../ports.ts";

export interface OwedCommits {
  readonly size: number;
  /**
   * Tries `commit` again and again until it does not throw.
   * @returns when it is done, or is left: at a stop, or because too many are owed already.
   */
  again(kind: string, attemptId: AttemptId, commit: () => Promise<unknown>): Promise<void>;
  /** Nothing is tried any more. */
  stop(): void;
}

const FIRST_WAIT_MS = 500;
const WAIT_MAX_MS = 8_000;
/** What a busy shop may owe through an hour of a full disk; more would cost memory. */
const OWED_MAX = 2_000;

/** Nothing is owed yet. */
export function owedCommits({ clock, log }: { clock: Clock; log: Log }): OwedCommits {
  const stopping = new AbortController();
  const { signal } = stopping;
  // Each that is owed waits on it.
  setMaxListeners(0, signal);
  let owed = 0;

  async function tried(kind: string, attemptId: AttemptId, commit: () => Promise<unknown>) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, WAIT_MAX_MS)) {
      await clock.sleep(wait, signal).catch(() => undefined);
      // The store is being closed: nothing may begin any more.
      if (signal.aborted) return;
      try {
        await commit();
        log.info("owed_commit_done", { kind, attemptId });
        return;
      } catch (error) {
        log.warn("owed_commit_failed", { kind, attemptId, error: faultOf(error) });
      }
    }
  }

  return {
    get size() {
      return owed;
    },
    async again(kind, attemptId, commit) {
      if (owed >= OWED_MAX) return log.error("owed_commit_left", { kind, attemptId });
      owed += 1;
      await tried(kind, attemptId, commit);
      owed -= 1;
    },
    stop: () => stopping.abort(),
  };
}

/** What a log may say of a fault. */
export function faultOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown fault";
}
