/**
 * Sealed texts that do not open any more: one flipped bit suffices. Where many rows are read, the
 * others are worth more than the one: it is left out, and the log names it once a process.
 */
import type { Attempt } from "../core/payment.ts";
import type { Log, LogFields, Seal } from "../ports.ts";
import { type AttemptRow, attemptOf } from "./rows.ts";

/** So many rows are remembered; beyond, a line may come twice. */
const TOLD_MAX = 1_000;

/** What `open` gives, or null with a line in the log about this row when it throws. */
export type OpenOrTell = <T>(row: LogFields & { readonly kind: string }, open: () => T) => T | null;

/** @param log is told of each row once, so that a pass every few seconds does not fill it. */
export function openOrTell(log: Pick<Log, "error">): OpenOrTell {
  const told = new Set<string>();
  return (row, open) => {
    try {
      return open();
    } catch (error) {
      const name = JSON.stringify(row);
      if (told.size >= TOLD_MAX) told.clear();
      if (!told.has(name)) log.error("sealed_text_unopened", { ...row, error: String(error) });
      told.add(name);
      return null;
    }
  };
}

/** Reads attempts for lists: money is shown also where the name that Daraja gave its prompt does not open. */
export function shownBy(seal: Seal, openOrTell: OpenOrTell): (row: AttemptRow) => Attempt {
  return (row) => {
    const { id: attemptId, paymentId } = row;
    const open = (text: string) =>
      openOrTell({ kind: "attempt", attemptId, paymentId }, () => seal.open(text));
    return attemptOf(row, { open });
  };
}
