/**
 * One sweeper per database at a time (machine §9): a lease that is taken for 15 s and renewed every
 * 5 s. Passes are guarded anyway; the lease keeps two servers from asking Daraja twice.
 */
import type { Clock, LeaseStore, Log } from "../ports.ts";

export const SWEEPS = "sweeps";
export const LEASE_MS = 15_000;
export const RENEW_EVERY_MS = 5_000;

export interface LeaseDeps {
  readonly leases: LeaseStore;
  readonly clock: Clock;
  readonly log: Log;
  /** This process, by a name that no other has. */
  readonly holder: string;
  /** True when the named holder has surely ended: then its time need not be waited for. */
  readonly hasEnded: (holder: string) => boolean;
}

export interface Lease {
  /** Takes or renews when it is time to; says whether the sweeps are ours now. */
  mine(): Promise<boolean>;
  /** Gives the lease back, so that the next process need not wait. */
  drop(): Promise<void>;
}

/** The lease on the sweeps, not yet taken. */
export function sweepLease(deps: LeaseDeps): Lease {
  const { leases, clock, log, holder } = deps;
  let held: boolean | null = null;
  let askAgainAt = Number.NEGATIVE_INFINITY;

  async function take(at: number): Promise<boolean> {
    if (await leases.take(SWEEPS, holder, at, at + LEASE_MS)) return true;
    const other = await leases.holder(SWEEPS, at);
    if (other === null || !deps.hasEnded(other)) return false;
    await leases.drop(SWEEPS, other);
    return leases.take(SWEEPS, holder, at, at + LEASE_MS);
  }

  return {
    async mine() {
      const at = clock.now();
      if (held !== null && at < askAgainAt) return held;
      askAgainAt = at + RENEW_EVERY_MS;
      const before = held;
      // A database that cannot be written leaves nothing to sweep for.
      held = await take(at).catch(() => false);
      if (held !== before) log.info(held ? "sweeps_ours" : "sweeps_of_another");
      return held;
    },
    async drop() {
      held = false;
      askAgainAt = Number.POSITIVE_INFINITY;
      // On a full disk it runs out by itself, and a stop has more to put in order.
      await leases
        .drop(SWEEPS, holder)
        .catch((error: unknown) => log.warn("lease_not_given_back", { cause: String(error) }));
    },
  };
}
