import { say } from "../../dictionary/words.ts";
import { grouped, kes } from "../../format.ts";
import type { ListFilter } from "../../list-filter.ts";
import { ListActions } from "./list-actions.tsx";
import { totals } from "./totals-store.ts";

/** What the list comes to, and what can be done with it. */
export function ListSummary({ filter }: { readonly filter: ListFilter }) {
  return (
    <div class="summary">
      <Totals />
      <ListActions filter={filter} />
    </div>
  );
}

function Totals() {
  const now = totals.value;
  if (now === null) return <p class="totals" />;
  if (now.kind === "at_least" || now.confirmed === null) {
    return (
      <p class="totals" title={say("totals.more.help")}>
        {say("totals.more", { n: grouped(now.count) })}
      </p>
    );
  }
  return (
    <p class="totals">
      {count(now.count)} · <b>{say("totals.paid", { amount: kes(now.confirmed) })}</b>
    </p>
  );
}

function count(n: number): string {
  return n === 1 ? say("totals.count.one") : say("totals.count.other", { n: grouped(n) });
}
