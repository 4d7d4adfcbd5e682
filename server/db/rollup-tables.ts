/** Counts kept beside the payments, so that a question about a month reads a few hundred rows. */

import type { RollupKind } from "../../shared/insight-words.ts";
import type { Cents } from "../../shared/money.ts";
import type { Environment } from "../../shared/words.ts";
import type { MerchantId } from "../core/payment.ts";
import type { Dialect } from "./dialect.ts";

/**
 * One cell: what `rollup.ts` counts of one merchant on one Nairobi day. A cell whose payments have
 * all moved on stays as a row of zeros.
 */
export function rollupTable(d: Dialect) {
  return d.table(
    "rollup",
    {
      merchantId: d.text<MerchantId>("merchant_id").notNull(),
      environment: d.text<Environment>("environment").notNull(),
      kind: d.text<RollupKind>("kind").notNull(),
      day: d.count("day").notNull(),
      /** `hour`, `taken`: the Nairobi hour · `order`: the band · `reason`: the reason · `page`: the page. */
      part: d.text("part").notNull(),
      /** `order`: the amount's source · `reason`: the code · `taken`: steps of waiting. */
      detail: d.text("detail").notNull(),
      opened: d.count("opened").notNull(),
      typed: d.count("typed").notNull().default(0),
      prompted: d.count("prompted").notNull(),
      paid: d.count("paid").notNull(),
      failed: d.count("failed").notNull(),
      cancelled: d.count("cancelled").notNull(),
      expired: d.count("expired").notNull(),
      tries: d.count("tries").notNull(),
      retried: d.count("retried").notNull(),
      retriedPaid: d.count("retried_paid").notNull(),
      /** Asked for, left unpaid (`reason`) or received (`taken`). */
      cents: d.cents<Cents>("cents").notNull(),
    },
    (t) => [
      d.primaryKey({
        columns: [t.merchantId, t.environment, t.kind, t.day, t.part, t.detail],
      }),
    ],
  );
}
