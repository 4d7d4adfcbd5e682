/** The heartbeat of a running server: every pass of flows/sweep, again and again, until stopped. */
import {
  type LookSweep,
  lookSweep,
  type SweepDeps,
  sweepExpired,
  sweepInbox,
  sweepSends,
} from "../flows/sweep.ts";
import type { IdempotencyStore, PeopleStore } from "../ports.ts";
import { type Lease, RENEW_EVERY_MS } from "./lease.ts";

const TICK_MS = 500;
const EXPIRY_EVERY_MS = 10_000;
const INBOX_EVERY_MS = 5_000;
/** Pull decides itself whether there is a reason (machine §9). */
const PULL_EVERY_MS = 60_000;
const TIDY_EVERY_MS = 3_600_000;
/** Answers to idempotent calls are kept this long (contract §4). */
const IDEMPOTENCY_KEPT_MS = 72 * 3_600_000;

export interface WorkerDeps extends SweepDeps {
  readonly idempotency: IdempotencyStore;
  readonly people: PeopleStore;
  /**
   * Asks Daraja for its list of what came in, for every merchant that has Pull. A long list of a
   * slow Daraja takes minutes: it has a loop of its own, too.
   */
  readonly pull: SideJob["run"] | null;
  /** Whose the sweeps are; without it the passes of this process rest. */
  readonly lease: Lease;
  /** What may take long and must keep nothing else waiting: each has a loop of its own. */
  readonly beside: readonly SideJob[];
}

export interface SideJob {
  readonly name: string;
  readonly everyMs: number;
  /** @param resting aborts when the server stops: the pass then ends soon. */
  readonly run: (resting: AbortSignal) => Promise<unknown>;
}

interface Job extends SideJob {
  nextAt: number;
}

export interface Worker {
  /** Begins no pass any more; resolves when what is under way has ended. The lease stays ours. */
  rest(): Promise<void>;
  /** Rests, and gives the lease back: from then on another process may sweep. */
  stop(): Promise<void>;
}

/** Starts the heartbeat. */
export function startWorker(deps: WorkerDeps): Worker {
  const [resting, ending] = [new AbortController(), new AbortController()];
  const sweep = async (jobs: readonly Job[]) => {
    while (!resting.signal.aborted) {
      for (const job of jobs) {
        if (resting.signal.aborted) break;
        if (await deps.lease.mine()) await runDue(deps, job, resting.signal);
      }
      await deps.clock.sleep(TICK_MS, resting.signal).catch(() => undefined);
    }
  };
  // Beside the passes, since one that waits for a slow Daraja outlasts a lease.
  const renew = async () => {
    while (!ending.signal.aborted) {
      await deps.lease.mine();
      await deps.clock.sleep(RENEW_EVERY_MS, ending.signal).catch(() => undefined);
    }
  };
  const { pull } = deps;
  const looks = lookSweep(deps);
  const pulling = pull === null ? [] : [{ name: "pull", everyMs: PULL_EVERY_MS, run: pull }];
  const beside = [...pulling, ...deps.beside].map((job) => [{ ...job, nextAt: 0 }]);
  const swept = Promise.all([jobsOf(deps, looks), ...beside].map(sweep));
  const renewed = renew();
  const rest = async () => {
    resting.abort();
    await swept;
    await looks.settled();
  };
  return {
    rest,
    async stop() {
      await rest();
      ending.abort();
      await renewed;
      await deps.lease.drop();
    },
  };
}

function jobsOf(deps: WorkerDeps, looks: LookSweep): readonly Job[] {
  const { clock } = deps;
  const tidy = async () => {
    await deps.idempotency.dropOlderThan(clock.now() - IDEMPOTENCY_KEPT_MS);
    await deps.people.dropExpiredSessions(clock.now());
  };
  const job = (name: string, everyMs: number, run: () => Promise<unknown>): Job => ({
    name,
    everyMs,
    run,
    nextAt: 0,
  });
  return [
    job("looks", 0, () => looks.pass()),
    job("sends", EXPIRY_EVERY_MS, () => sweepSends(deps, "running")),
    job("expired", EXPIRY_EVERY_MS, () => sweepExpired(deps)),
    job("inbox", INBOX_EVERY_MS, () => sweepInbox(deps)),
    job("tidy", TIDY_EVERY_MS, tidy),
  ];
}

/** A pass that throws is logged and tried again at its next time; the others go on. */
async function runDue(deps: WorkerDeps, job: Job, resting: AbortSignal): Promise<void> {
  const at = deps.clock.now();
  if (at < job.nextAt) return;
  job.nextAt = at + job.everyMs;
  try {
    await job.run(resting);
  } catch (error) {
    const because = error instanceof Error ? error.message : "unknown fault";
    deps.log.error("sweep_failed", { kind: job.name, error: because });
  }
}
