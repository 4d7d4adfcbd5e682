/**
 * The payments behind each number of the failures: the address of a list that shows exactly so many
 * (server/http/drill-down.test.ts).
 */
import type { CountsView, FailuresView, ReasonView } from "../../../shared/insight-api.ts";
import { AMOUNT_BANDS_KES, unpaidOf } from "../../../shared/insight-words.ts";
import { NONE, type Step } from "../../../shared/words.ts";
import { type ListFilter, listPath, NO_FILTER } from "../../list-filter.ts";
import { merchantNow } from "../../merchant-choice.ts";

/** A number, and the list of what it counts. */
export interface Behind {
  readonly count: number;
  readonly path: string;
}

export type Days = Pick<FailuresView, "from" | "to">;

/** A payment that nobody gave a phone for was not tried. */
const WITH_PHONE: readonly Step[] = ["typed", "prompted"];
const UNPAID = ["failed", "cancelled", "expired"] as const;
const NOT_OVER = ["open", "pending", "in_doubt", "review", "reversed"] as const;

/** What was tried and left unpaid, from any side. */
export function unpaid(days: Days, counts: CountsView, side: Partial<ListFilter> = {}): Behind {
  const filter = { statuses: UNPAID, steps: WITH_PHONE, ...side };
  return { count: unpaidOf(counts), path: pathOf(days, filter) };
}

export function unpaidOfBand(days: Days, counts: FailuresView["bands"][number]): Behind {
  const next = AMOUNT_BANDS_KES[counts.band + 1];
  return unpaid(days, counts, {
    amountFrom: String(AMOUNT_BANDS_KES[counts.band] ?? 0),
    amountTo: next === undefined ? "" : String(next - 1),
  });
}

export function unpaidOfSource(days: Days, counts: FailuresView["sources"][number]): Behind {
  return unpaid(days, counts, { sources: [counts.source] });
}

export function unpaidOfPage(days: Days, counts: FailuresView["pages"][number]): Behind {
  return unpaid(days, counts, { page: counts.page ?? NONE });
}

export function unpaidOfHour(days: Days, counts: FailuresView["hours"][number]): Behind {
  return unpaid(days, counts, { hour: String(counts.hour) });
}

export function unpaidOfDay(counts: FailuresView["days"][number]): Behind {
  return unpaid({ from: counts.day, to: counts.day }, counts);
}

/** What a reason left unpaid: it is that of a try, so a phone was given. */
export function leftBy(
  days: Days,
  { reason, failed }: Pick<ReasonView, "reason" | "failed">,
): Behind {
  return { count: failed, path: pathOf(days, { statuses: UNPAID, reasons: [reason] }) };
}

/** One of M-Pesa's codes under a reason, whatever it was the fault of. */
export interface CodeBehind extends Behind {
  readonly code: string;
  readonly tries: number;
  readonly meaning: ReasonView["codes"][number]["meaning"];
}

export function codesBehind(days: Days, { reason, codes }: ReasonView): readonly CodeBehind[] {
  return [...new Set(codes.map(({ code }) => code))].map((code) => {
    const same = codes.filter((one) => one.code === code);
    const sum = (of: "tries" | "failed") => same.reduce((all, one) => all + one[of], 0);
    const filter = { statuses: UNPAID, reasons: [reason], code: code || NONE };
    return {
      code,
      tries: sum("tries"),
      meaning: same[0]?.meaning ?? null,
      count: sum("failed"),
      path: pathOf(days, filter),
    };
  });
}

/** The steps from opened to paid, and what became of those who went no further. */
export function stepsBehind(days: Days, total: CountsView) {
  const { opened, typed, prompted, paid } = total;
  const behind = (count: number, filter: Partial<ListFilter>): Behind => ({
    count,
    path: pathOf(days, filter),
  });
  return {
    opened: behind(opened, {}),
    typed: behind(typed, { steps: WITH_PHONE }),
    prompted: behind(prompted, { steps: ["prompted"] }),
    paid: behind(paid, { statuses: ["confirmed"] }),
    noPhone: behind(opened - typed, { steps: ["opened"] }),
    notAsked: behind(typed - prompted, { steps: ["typed"] }),
    unpaid: unpaid(days, total),
    notOver: behind(typed - paid - unpaidOf(total), { steps: WITH_PHONE, statuses: NOT_OVER }),
  };
}

function pathOf({ from, to }: Days, filter: Partial<ListFilter>): string {
  return listPath({
    ...NO_FILTER,
    merchant: merchantNow(),
    createdFrom: from,
    createdTo: to,
    ...filter,
  });
}
