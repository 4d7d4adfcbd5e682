/** The measuring: every endpoint in turn, again and again, so that a slow minute hits all alike. */
import { setTimeout as sleep } from "node:timers/promises";
import { ENDPOINTS, type EndpointName } from "./endpoint.ts";
import type { LoadResult } from "./load.ts";
import type { Endpoints, LoadProcess } from "./processes.ts";

export interface Plan {
  readonly connections: readonly number[];
  readonly rounds: number;
  /** Posts of the warm-up, which also finds how many posts fill a measurement. */
  readonly warmUpPosts: number;
  /** How long one measurement should last. */
  readonly aimMs: number;
  readonly postsMax: number;
}

export const PLANS: Readonly<Record<"full" | "quick", Plan>> = {
  full: { connections: [1, 32], rounds: 7, warmUpPosts: 600, aimMs: 1_200, postsMax: 8_000 },
  quick: { connections: [1, 32], rounds: 1, warmUpPosts: 32, aimMs: 30, postsMax: 32 },
};

export interface Measurement {
  readonly endpoint: EndpointName;
  readonly connections: number;
  readonly round: number;
  readonly result: LoadResult;
  /** Processor time of the server, for all of these requests. */
  readonly cpuMs: number;
}

export interface Measured {
  readonly measurements: readonly Measurement[];
  /** Every receipt acknowledged in the whole run, the warm-up's too. */
  readonly acknowledged: Readonly<Record<EndpointName, readonly string[]>>;
  readonly refused: number;
}

const POSTS_MIN = 32;
const LOAD_PATIENCE_MS = 10_000;
/** Lets the preparing's garbage and checkpoints settle before the clock runs. */
const SETTLE_MS = 50;

/** Runs the plan. `say` hears of each round. */
export async function measure(
  plan: Plan,
  endpoints: Endpoints,
  client: LoadProcess,
  say: (line: string) => void,
): Promise<Measured> {
  const acknowledged: Record<EndpointName, string[]> = { empty: [], textbook: [], ours: [] };
  let refused = 0;

  async function once(endpoint: EndpointName, connections: number, count: number) {
    const { remote, port } = endpoints[endpoint];
    const posts = await remote.call("prepare", count);
    await sleep(SETTLE_MS);
    const order = { port, connections, posts, patienceMs: LOAD_PATIENCE_MS };
    const before = await remote.call("cpuMs", null);
    const result = await client.call("load", order);
    const cpuMs = (await remote.call("cpuMs", null)) - before;
    acknowledged[endpoint].push(...result.acknowledged);
    refused += result.refused;
    return { result, cpuMs };
  }

  const counts = new Map<string, number>();
  for (const connections of plan.connections) {
    for (const endpoint of ENDPOINTS) {
      const { result: warm } = await once(endpoint, connections, plan.warmUpPosts);
      const wanted = Math.ceil((plan.warmUpPosts / warm.seconds / 1_000) * plan.aimMs);
      const count = Math.max(POSTS_MIN, Math.min(plan.postsMax, wanted));
      counts.set(`${endpoint} ${connections}`, count);
    }
  }
  const measurements: Measurement[] = [];
  for (let round = 1; round <= plan.rounds; round += 1) {
    say(`round ${round} of ${plan.rounds}`);
    for (const connections of plan.connections) {
      for (const endpoint of ENDPOINTS) {
        const count = counts.get(`${endpoint} ${connections}`) ?? POSTS_MIN;
        const measured = await once(endpoint, connections, count);
        measurements.push({ endpoint, connections, round, ...measured });
      }
    }
  }
  return { measurements, acknowledged, refused };
}
