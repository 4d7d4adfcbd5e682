/** The breakdown of thirty days: from the counts kept beside the payments, and from the rows. */
import { sql } from "drizzle-orm";
import { createInsightStore } from "../../db/insight-store.ts";
import { type Place, type Timed, timed } from "./measure.ts";
import { END, MERCHANT } from "./shop.ts";

const DAY_MS = 86_400_000;
const EAT_MS = 3 * 3_600_000;
const TO = Math.floor((END + EAT_MS) / DAY_MS);
const FROM = TO - 29;
const SCOPE = { merchantId: MERCHANT, environment: "simulator" } as const;

export interface Breakdown {
  readonly ours: Timed;
  readonly live: Timed;
  /** Reasons whose counts differ: there may be none. */
  readonly differing: readonly string[];
}

/** Times both and compares them, reason by reason. */
export async function timeBreakdown(place: Place, times: number): Promise<Breakdown> {
  const { sums } = createInsightStore(place.engine);
  const ours = () => sums(SCOPE, "reason", FROM, TO);
  const kept = new Map<string, number>();
  for (const { part, tries } of await ours()) kept.set(part, (kept.get(part) ?? 0) + tries);
  const rows = new Map((await live(place)).map(({ reason, tries }) => [reason, tries]));
  const reasons = new Set([...kept.keys(), ...rows.keys()]);
  return {
    ours: await timed("ours: from the counts", times, async () => (await ours()).length),
    live: await timed("textbook: GROUP BY over the rows", Math.min(times, 10), async () => {
      return (await live(place)).length;
    }),
    differing: [...reasons].filter((one) => (kept.get(one) ?? 0) !== (rows.get(one) ?? 0)),
  };
}

async function live({ engine }: Place): Promise<readonly { reason: string; tries: number }[]> {
  const from = FROM * DAY_MS - EAT_MS;
  return engine.db.all(sql`
    select coalesce(a.reason, 'other') as reason, count(*) as tries
    from payments p cross join attempts a
    where a.payment_id = p.id and a.state = 'failed'
      and p.merchant_id = ${MERCHANT} and p.environment = 'simulator'
      and p.created_at >= ${from} and p.created_at < ${from + 30 * DAY_MS}
    group by 1`);
}
