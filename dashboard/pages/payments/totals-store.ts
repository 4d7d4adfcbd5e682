/** What the filter comes to, followed at a distance: a sum need not be newer than its reader. */
import { signal } from "@preact/signals";
import type { DashboardTotals } from "../../../shared/payments-list-api.ts";
import { readTotals } from "../../client.ts";
import type { ListFilter } from "../../list-filter.ts";

/** A burst of changes is counted this often at most. */
const PAUSE_MS = 2_000;

/** `null` while it is not known, or could not be asked. */
export const totals = signal<DashboardTotals | null>(null);

let filter: ListFilter | null = null;
let question = 0;
let pause: ReturnType<typeof setTimeout> | undefined;

/** Asks for another filter's totals; the former ones are no longer true. */
export function openTotals(wanted: ListFilter): void {
  filter = wanted;
  totals.value = null;
  void read();
}

/** Something changed: counts again soon. */
export function recount(): void {
  if (pause !== undefined) return;
  pause = setTimeout(() => {
    pause = undefined;
    void read();
  }, PAUSE_MS);
}

async function read(): Promise<void> {
  if (filter === null) return;
  question += 1;
  const asked = question;
  const answer = await readTotals(filter);
  if (asked === question && answer.ok) totals.value = answer.value;
}
