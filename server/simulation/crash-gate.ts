/**
 * The ports of one process, wrapped so that it may end before or after any call: then nothing it
 * waited for ever returns to it, as when the program is killed, while what left already goes on.
 */
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

export interface CrashGate {
  dead(): boolean;
  /** Ends the process now. */
  kill(why: string): void;
  /** The same port, through the gate. */
  around<Port extends object>(name: string, port: Port): Port;
}

/** A fault of the disk, thrown by the store's calls. */
export class DiskFault extends Error {}

const WRITES = ["apply", "open", "keep", "markApplied", "take", "drop", "dropOlderThan"];

export function createCrashGate(
  world: World,
  random: Random,
  died: (why: string) => void,
): CrashGate {
  const { plan, time } = world;
  let isDead = false;
  const never = () => new Promise<never>(() => undefined);

  function kill(why: string): void {
    if (isDead) return;
    isDead = true;
    died(why);
  }

  /** Passes one moment at which the process may end. */
  async function pass(moment: string): Promise<void> {
    const crashes = random.chance(plan.faults.crash);
    if (!isDead && !world.calm && crashes) kill(moment);
    if (isDead) await never();
  }

  function diskFault(method: string, when: "before" | "after"): void {
    const fails = random.chance(when === "before" ? plan.faults.storeFails : plan.faults.storeLies);
    if (world.calm || !fails) return;
    if (when === "before" || WRITES.includes(method)) throw new DiskFault("disk I/O error");
  }

  async function call(name: string, method: string, run: () => unknown): Promise<unknown> {
    const stored = name !== "daraja";
    await pass(`before ${name}.${method}`);
    if (stored && plan.faults.spread > 0) {
      await time.turn();
      if (isDead) await never();
    }
    if (stored) diskFault(method, "before");
    const result = await run();
    await pass(`after ${name}.${method}`);
    if (stored) diskFault(method, "after");
    return result;
  }

  return {
    dead: () => isDead,
    kill,
    around: (name, port) =>
      new Proxy(port, {
        get(target, key) {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== "function" || typeof key !== "string") return member;
          return (...args: readonly unknown[]) =>
            call(name, key, () => Reflect.apply(member, target, args));
        },
      }),
  };
}
