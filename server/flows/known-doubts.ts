/**
 * For how long this process has known each doubt, by a clock that nobody sets. A server that
 * started before it was told the time dates its sends too early, and the moment its clock is put
 * right every one of them looks old enough to be absent. What this process saw in doubt so long ago
 * was surely sent by then; after a restart it sees everything anew, which only makes it wait.
 */
import type { Attempt, AttemptId, MerchantId } from "../core/payment.ts";
import { SETTLING_MS } from "../core/statement.ts";
import type { Clock } from "../ports.ts";

export interface KnownDoubts {
  /**
   * Notes who is in doubt of this merchant at present; whoever is not any more is forgotten.
   * @returns those that were sent long enough ago for a statement to hold their money.
   */
  note(merchantId: MerchantId, doubts: readonly Attempt[]): ReadonlySet<AttemptId>;
}

/** What one process knows; it lives as long as the process. */
export function knownDoubts(clock: Pick<Clock, "elapsed">): KnownDoubts {
  const known = new Map<MerchantId, ReadonlyMap<AttemptId, number>>();
  return {
    note(merchantId, doubts) {
      const at = clock.elapsed();
      const before = known.get(merchantId);
      const now = new Map(doubts.map(({ id }) => [id, before?.get(id) ?? at]));
      known.set(merchantId, now);
      const settled = [...now].filter(([, since]) => at - since >= 2 * SETTLING_MS);
      return new Set(settled.map(([id]) => id));
    },
  };
}
