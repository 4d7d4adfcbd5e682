/** The clocks of one process over virtual time. */
import type { Clock } from "../ports.ts";
import type { CrashGate } from "./crash-gate.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Wall time `offsetMs` beside the true time, as server/clock.ts makes it: never backwards. */
export function processClock(time: VirtualTime, offsetMs: number, gate: CrashGate): Clock {
  return {
    now: () => time.now() + offsetMs,
    elapsed: () => time.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (gate.dead()) return;
        const stop = time.at(time.now() + ms, () => (gate.dead() ? undefined : resolve()));
        signal?.addEventListener("abort", () => {
          stop();
          reject(new Error("aborted"));
        });
      }),
  };
}

export interface Pace {
  readonly clock: Clock;
  /** Something was committed: what is due may have changed. */
  kick(): void;
}

const BACK_OFF_MAX_MS = 16_000;
/** The worker is never away for longer, whatever the rows say. */
const AWAY_MAX_MS = 86_400_000;

/**
 * A clock for the worker, whose heartbeat of half a second would make days of virtual time last
 * for ever: a beat at which nothing is due is left out. Where something stays due, because a gate
 * is shut, the beats become rarer; a real worker only comes sooner.
 * @param dueAt when something is due by itself, in the process's own time.
 */
export function pacedClock(
  clock: Clock,
  time: VirtualTime,
  gate: CrashGate,
  dueAt: () => number | null,
): Pace {
  const parked = new Set<{ earliest: number; stop: () => void; resolve: () => void }>();
  let patienceMs = 0;

  function arm(seat: { earliest: number; stop: () => void; resolve: () => void }): void {
    seat.stop();
    const offset = clock.now() - time.now();
    const due = (dueAt() ?? Number.POSITIVE_INFINITY) - offset;
    const when = Math.min(Math.max(seat.earliest + patienceMs, due), time.now() + AWAY_MAX_MS);
    seat.stop = time.at(when, () => {
      parked.delete(seat);
      patienceMs = Math.min(BACK_OFF_MAX_MS, patienceMs * 2 + 250);
      if (!gate.dead()) seat.resolve();
    });
  }

  return {
    clock: {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      sleep: (ms) =>
        new Promise((resolve) => {
          if (gate.dead()) return;
          const seat = { earliest: time.now() + ms, stop: () => undefined, resolve };
          parked.add(seat);
          arm(seat);
        }),
    },
    kick() {
      patienceMs = 0;
      for (const seat of parked) arm(seat);
    },
  };
}
