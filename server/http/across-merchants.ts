/**
 * The payments of several merchants as if they were one's. Each is read along its own indexes and
 * the answers are laid together, so that a question costs so many times what one merchant's does.
 */
import type { RollupKind } from "../../shared/insight-words.ts";
import { type Cents, cents } from "../../shared/money.ts";
import type { PaymentStatus } from "../../shared/words.ts";
import { type RollupCell, total } from "../core/insight.ts";
import type { Instant, MerchantId, PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { RecentTry } from "../core/weather.ts";
import type { InsightStore, ListFilter, ListTotals, PaymentStore, Scope } from "../ports.ts";

/** A filter of the list without whose payments it is about. */
export type ScopelessFilter = Omit<ListFilter, "merchantId" | "environment">;

/** The list of several merchants: newest first, continued after any id. */
export async function listAcross(
  payments: Pick<PaymentStore, "list">,
  scopes: readonly Scope[],
  filter: ScopelessFilter,
): ReturnType<PaymentStore["list"]> {
  const pages = await Promise.all(scopes.map((scope) => payments.list({ ...filter, ...scope })));
  const [only] = pages;
  if (pages.length === 1 && only !== undefined) return only;
  const rows = pages.flatMap((page): readonly PaymentWithAttempts[] => page.rows);
  const newest = rows.sort((a, b) => (a.payment.id < b.payment.id ? 1 : -1));
  return {
    rows: newest.slice(0, filter.limit),
    hasMore: newest.length > filter.limit || pages.some(({ hasMore }) => hasMore),
  };
}

/** The totals of several merchants; exact when every one of them is. */
export async function totalsAcross(
  payments: Pick<PaymentStore, "totals">,
  scopes: readonly Scope[],
  filter: ScopelessFilter,
): Promise<ListTotals> {
  const all = await Promise.all(scopes.map((scope) => payments.totals({ ...filter, ...scope })));
  const count = all.reduce((sum, one) => sum + one.count, 0);
  let confirmed: Cents = cents(0);
  for (const one of all) {
    if (one.kind === "at_least") return { kind: "at_least", count };
    confirmed = cents(confirmed + one.confirmedCents);
  }
  return { kind: "exact", count, confirmedCents: confirmed };
}

interface TriesOf {
  readonly merchantId: MerchantId;
  readonly tries: readonly RecentTry[];
}

/** What the home and the breakdowns ask, of several merchants. */
export function insightAcross(insight: InsightStore, scopes: readonly Scope[]) {
  const each = <T>(ask: (scope: Scope) => Promise<readonly T[]>) =>
    Promise.all(scopes.map(ask)).then((answers) => answers.flat());
  return {
    cells: async (kind: RollupKind, from: number, to: number) =>
      together(await each((scope) => insight.cells(scope, kind, from, to))),
    sums: async (kind: RollupKind, from: number, to: number) =>
      together(await each((scope) => insight.sums(scope, kind, from, to))),
    count: async (status: PaymentStatus) => {
      const counts = await Promise.all(scopes.map((scope) => insight.count(scope, status)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    toSeeTo: async (since: Instant, limit: number): Promise<readonly PaymentId[]> => {
      const ids = await each((scope) => insight.toSeeTo(scope, since, limit));
      return scopes.length === 1 ? ids : ids.sort().reverse().slice(0, limit);
    },
    /** Apart by merchant: one's callbacks say nothing about another's. */
    recentTries: (since: Instant, openedSince: Instant): Promise<readonly TriesOf[]> =>
      each(async (scope) => {
        const tries = await insight.recentTries(scope, since, openedSince);
        return [{ merchantId: scope.merchantId, tries }];
      }),
  };
}
export type InsightAcross = ReturnType<typeof insightAcross>;

/** One cell where several merchants have one of the same name, by day as they came. */
function together(cells: readonly RollupCell[]): readonly RollupCell[] {
  const groups = new Map<string, RollupCell[]>();
  for (const cell of cells) {
    const name = JSON.stringify([cell.day, cell.part, cell.detail]);
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return [...groups.values()]
    .flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [rest.length === 0 ? first : { ...first, ...total([first, ...rest]) }],
    )
    .sort((a, b) => a.day - b.day);
}
