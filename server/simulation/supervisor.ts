/** Starts processes, starts them anew when they end, and knows which of them listen. */
import type { AttemptId, PaymentId } from "../core/payment.ts";
import type { Ids } from "../ports.ts";
import { createFaultyDaraja } from "./daraja.ts";
import { type Life, startLife } from "./life.ts";
import type { World } from "./world.ts";

export interface Supervisor {
  /** One of those who listen; null while nobody does. */
  current(): Life | null;
  start(): void;
  /** Makes sure that somebody runs, from now on for good. */
  settle(): void;
  lives(): number;
  /** How far any two clocks of the schedule's processes lie apart, in ms. */
  clockSpanMs(): number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Where a clock may stand after it was set: before and after the true time. */
const JUMPS_MS = [1_000, 20_000, 3 * MINUTE, HOUR, 24 * HOUR].flatMap((ms) => [ms, -ms]);

export function createSupervisor(world: World): Supervisor {
  const { plan, time, trace } = world;
  const random = plan.random("supervisor");
  const daraja = createFaultyDaraja(world);
  const ids = seededIds(world);
  const alive: Life[] = [];
  const ended = new Set<string>();
  const offsets: number[] = [];
  let born = 0;

  function start(): void {
    born += 1;
    const number = born;
    const jumps = random.chance(plan.faults.clockJump);
    const jump = random.pick(JUMPS_MS);
    const offsetMs = jumps ? jump : 0;
    offsets.push(offsetMs);
    trace.say(`process ${number} starts${jumps ? `, its clock ${offsetMs / 1_000} s off` : ""}`);
    const died = (why: string) => {
      trace.say(`process ${number} ends: ${why}`);
      ended.add(`process ${number}`);
      const index = alive.findIndex((life) => life.number === number);
      if (index >= 0) alive.splice(index, 1);
      const pauseMs = random.between(300, random.pick([1_000, 60_000, 15 * MINUTE]));
      time.at(time.now() + pauseMs, () => {
        if (alive.length === 0 || plan.faults.twin > 0) start();
      });
    };
    alive.push(startLife(world, { number, offsetMs, daraja, ids, ended, died }));
  }

  return {
    current() {
      const listening = alive.filter((life) => life.listening());
      return listening.length === 0 ? null : random.pick(listening);
    },
    start,
    settle() {
      if (alive.length === 0) start();
    },
    lives: () => born,
    clockSpanMs: () => Math.max(0, ...offsets) - Math.min(0, ...offsets),
  };
}

/** Ids that grow and follow from the seed, as long as real ones. */
function seededIds({ plan }: World): Ids {
  const random = plan.random("ids");
  let made = 0;
  const hex = (length: number) =>
    Array.from({ length }, () => random.between(0, 15).toString(16)).join("");
  const id = () => {
    made += 1;
    return made.toString(16).padStart(8, "0") + hex(24);
  };
  return {
    payment: () => `pay_${id()}` as PaymentId,
    attempt: () => id() as AttemptId,
    row: (prefix) => `${prefix}_${id()}`,
    secret: (bytes) => hex(bytes * 2),
  };
}
