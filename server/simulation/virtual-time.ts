/**
 * Time that moves only when nothing else can: the program runs until it waits, then one of those
 * who wait goes on, then, when nobody is ready, the next timer rings. So days pass in
 * milliseconds and every interleaving follows from the seed.
 */
import type { Random } from "./random.ts";

export interface VirtualTime {
  /** Epoch ms of the true time; what a process believes is its own affair. */
  now(): number;
  /** Runs something at a true time. @returns what takes it back. */
  at(when: number, run: () => void): () => void;
  /** Resolves when it is the caller's turn among all who are ready, in an order left to chance. */
  turn(): Promise<void>;
  /** Lets time run to `end`, or until `done` says so between two steps. */
  runUntil(end: number, done: () => boolean): Promise<void>;
}

interface Timer {
  readonly when: number;
  readonly run: () => void;
}

export function createVirtualTime(random: Random, startAt: number): VirtualTime {
  let now = startAt;
  const timers: Timer[] = [];
  const ready: (() => void)[] = [];

  /** The earliest timer; of equals the one set first. */
  function soonest(): Timer | undefined {
    return timers.reduce<Timer | undefined>(
      (best, timer) => (best === undefined || timer.when < best.when ? timer : best),
      undefined,
    );
  }
  function remove(timer: Timer): void {
    const index = timers.indexOf(timer);
    if (index >= 0) timers.splice(index, 1);
  }

  return {
    now: () => now,
    at(when, run) {
      const timer = { when: Math.max(now, when), run };
      timers.push(timer);
      return () => remove(timer);
    },
    turn: () => new Promise((resolve) => ready.push(resolve)),
    async runUntil(end, done) {
      for (;;) {
        await quiet();
        if (done()) return;
        if (ready.length > 0) {
          for (const resume of ready.splice(random.between(0, ready.length - 1), 1)) resume();
          continue;
        }
        const timer = soonest();
        if (timer === undefined || timer.when > end) {
          now = Math.max(now, end);
          return;
        }
        remove(timer);
        now = timer.when;
        timer.run();
      }
    },
  };
}

/** Everything that could run on by itself has run: promises settle before the next immediate. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
