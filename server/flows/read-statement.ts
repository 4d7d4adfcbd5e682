/**
 * Reads a window of Daraja's list page by page, at the pace of the app's gate. What was read counts
 * however the reading ends; only a window that was read to its end may prove that something is absent.
 */
import type { Instant } from "../core/payment.ts";
import type { StatementLine } from "../core/statement.ts";
import type { Clock, Log, LookGate, PullSource } from "../ports.ts";

export interface ReadDeps {
  readonly source: PullSource;
  readonly gate: LookGate;
  readonly clock: Clock;
  readonly log: Log;
}

/** Forty-eight hours of a busy shop fit; a server that answers the same page for ever does not. */
const PAGES_MAX = 100;
const ROWS_MAX = 100_000;
/**
 * How long a page waits for its turn. The slowest rate that is believed is one a minute; at the
 * sandbox's five this outlasts the looks that go before (machine §9).
 */
const TURN_PATIENCE_MS = 60_000;

/** `rested`: not even the first page was asked for. `silent`: it had no answer. */
export type Reading =
  | { readonly kind: "rested" | "silent" }
  | {
      readonly kind: "read";
      readonly lines: readonly StatementLine[];
      /** The last page was reached, and every row of every page was readable. */
      readonly whole: boolean;
    };

/**
 * Reads from `from` to `to`.
 * @param resting ends the reading after the page under way.
 */
export async function readStatement(
  deps: ReadDeps,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  resting: AbortSignal,
): Promise<Reading> {
  const lines: StatementLine[] = [];
  let offset = 0;
  let readable = true;
  for (let pages = 0; pages < PAGES_MAX && offset < ROWS_MAX; pages += 1) {
    const cut: Reading = pages === 0 ? { kind: "rested" } : { kind: "read", lines, whole: false };
    if (!(await mayAsk(deps, resting))) return cut;
    const page = await deps.source.pull(from, to, offset);
    if (page.kind === "silent") {
      deps.gate.report(page, "pull");
      deps.log.warn("pull_silent", { cause: page.cause });
      return pages === 0 ? { kind: "silent" } : cut;
    }
    readable &&= page.whole;
    if (page.rows === 0) return { kind: "read", lines, whole: readable };
    lines.push(...page.lines);
    offset += page.rows;
  }
  return { kind: "read", lines, whole: false };
}

/** Waits for the turn of one page; false when none comes in time or the server stops. */
async function mayAsk({ gate, clock }: ReadDeps, resting: AbortSignal): Promise<boolean> {
  const until = clock.elapsed() + TURN_PATIENCE_MS;
  while (!resting.aborted) {
    const leave = gate.take("pull");
    if (leave === "go") return true;
    if (clock.elapsed() + leave.waitMs > until) return false;
    await clock.sleep(leave.waitMs, resting).catch(() => undefined);
  }
  return false;
}
