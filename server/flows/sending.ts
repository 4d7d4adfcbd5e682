/**
 * What this process is sending right now, from the claim until the push answer is committed. The
 * sweep leaves these attempts alone, and a stop waits for them (machine row 6, §6 P2).
 */
import type { AttemptId } from "../core/payment.ts";

export interface Sending {
  readonly size: number;
  has(id: AttemptId): boolean;
  begin(id: AttemptId): void;
  /** Over, unless its answer is still owed to the store. */
  end(id: AttemptId): void;
  /** The attempt stays until `told` ends; it must not reject. */
  owes(id: AttemptId, told: Promise<void>): void;
}

/** Nothing is being sent yet. */
export function nothingSending(): Sending {
  const ids = new Set<AttemptId>();
  const owing = new Set<AttemptId>();
  return {
    get size() {
      return ids.size;
    },
    has: (id) => ids.has(id),
    begin: (id) => void ids.add(id),
    end(id) {
      if (!owing.has(id)) ids.delete(id);
    },
    owes(id, told) {
      owing.add(id);
      void told.then(() => {
        owing.delete(id);
        ids.delete(id);
      });
    },
  };
}
