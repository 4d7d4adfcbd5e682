/** The search box: what a few characters may mean, each meaning a look into one index. */
import { and, gte, lt, type SQLWrapper } from "drizzle-orm";
import { parsePhone } from "../../shared/phone.ts";
import { parseReceipt } from "../../shared/receipt.ts";
import type { PaymentId } from "../core/payment.ts";
import type { Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import type { Reading } from "./payment-filter.ts";
import { attemptWith, type Lane, paidUnder, phonesEndingIn } from "./payment-lanes.ts";
import { type Lead, leadOf, passesMore } from "./payment-lead.ts";
import type { SpannedFilter } from "./payment-span.ts";
import { SLICES, type Slices, walk } from "./payment-walk.ts";
import { prefixEnd } from "./prefix.ts";
import { slot } from "./slots.ts";
import { unindexed } from "./unindexed.ts";

/** Up to here all orders with a prefix are read and sorted; beyond, the newest payments are walked. */
const RARE_MAX = 10_000;

/** Ids of payments the box may mean, newest first; as many as the filter's limit at most. */
export async function searchIds(
  engine: Engine,
  seal: Seal,
  { q = "", ...filter }: SpannedFilter,
  slices: Slices = SLICES,
): Promise<readonly PaymentId[]> {
  const wanted = filter.limit;
  const byName = { of: "attempts", by: "filter", rest: filter } as const;
  const leads: readonly Lead[] = [
    { ...byName, order: "sorted", lanes: namedBy(seal, q) },
    { ...byName, order: "ids", lanes: endingIn(q) },
  ];
  const found = await Promise.all([
    byOrderPrefix(engine, filter, q, slices),
    ...leads.map((lead) => walk(engine, { lead, wanted, slices })),
  ]);
  return [...new Set(found.flat())].sort().reverse().slice(0, wanted);
}

/**
 * A rare prefix is read from its own index. A common one would sort half the table for one page;
 * there the filter leads, or the newest payments are walked until the page is full, which is soon.
 */
async function byOrderPrefix(
  engine: Engine,
  filter: SpannedFilter,
  q: string,
  slices: Slices,
): Promise<readonly PaymentId[]> {
  const { merchantId, environment, limit } = filter;
  const lane = begins("orders", q, ({ t }) => t.payments.orderReference);
  const way = { wanted: limit, slices };
  if (await passesMore(engine, { merchantId, environment, limit }, lane, RARE_MAX)) {
    const also = begins("begun", q, ({ t }) => unindexed(t.payments.orderReference));
    return walk(engine, { ...way, lead: await leadOf(engine, filter), also });
  }
  const few: Lead = { of: "payments", by: "filter", order: "sorted", lanes: [lane], rest: filter };
  return walk(engine, { ...way, lead: few });
}

function begins(name: string, q: string, reference: (reading: Reading) => SQLWrapper): Lane {
  const end = prefixEnd(q);
  return {
    shape: end === null ? `${name} from` : name,
    where: (reading) =>
      and(
        gte(reference(reading), slot("begin")),
        end === null ? undefined : lt(reference(reading), slot("end")),
      ),
    values: { begin: q, end },
  };
}

/** What names few attempts: a receipt, a customer's code, a phone. */
function namedBy(seal: Seal, q: string): readonly Lane[] {
  const receipt = parseReceipt(q);
  const phone = parsePhone(q);
  return [
    ...(receipt === null ? [] : [paidUnder(receipt)]),
    // "I paid, here is my code": the customer told it, M-Pesa has not.
    ...(receipt === null ? [] : [attemptWith("customerCode", receipt)]),
    ...(phone === null ? [] : [attemptWith("phoneHash", seal.hash("phone", phone))]),
  ];
}

/** The last digits of a phone. */
function endingIn(q: string): readonly Lane[] {
  return /^\d{2,4}$/.test(q) ? [phonesEndingIn(q)] : [];
}
