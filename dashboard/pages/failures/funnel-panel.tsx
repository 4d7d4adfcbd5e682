import type { CountsView } from "../../../shared/insight-api.ts";
import { unpaidOf } from "../../../shared/insight-words.ts";
import { DataTable } from "../../charts/data-table.tsx";
import { Funnel, type FunnelStep } from "../../charts/funnel.tsx";
import { say } from "../../dictionary/words.ts";
import { grouped, percent } from "../../format.ts";

/** Opened, phone typed, prompted, paid, and where the others stayed. */
export function FunnelPanel({ total }: { readonly total: CountsView }) {
  const { opened, typed, prompted, paid } = total;
  const unpaid = unpaidOf(total);
  const refused = typed - prompted;
  const under = typed - paid - unpaid;
  const note = (n: number) =>
    opened === 0 ? "" : say("funnel.ofOpened", { share: percent(n / opened) });
  const stayed = (words: "lostOpened" | "lostTyped" | "lostPrompted" | "under", n: number) =>
    n > 0 ? [say(`funnel.${words}`, { n: grouped(n) })] : [];
  const steps: readonly FunnelStep[] = [
    {
      key: "opened",
      name: say("funnel.opened"),
      count: opened,
      told: grouped(opened),
      note: "",
      lost: stayed("lostOpened", opened - typed),
    },
    {
      key: "typed",
      name: say("funnel.typed"),
      count: typed,
      told: grouped(typed),
      note: note(typed),
      lost: stayed("lostTyped", refused),
    },
    {
      key: "prompted",
      name: say("funnel.prompted"),
      count: prompted,
      told: grouped(prompted),
      note: note(prompted),
      lost: [...stayed("lostPrompted", unpaid - refused), ...stayed("under", under)],
    },
    {
      key: "paid",
      name: say("funnel.paid"),
      count: paid,
      told: grouped(paid),
      note: note(paid),
      lost: [],
    },
  ];
  return (
    <section class="panel" aria-labelledby="funnel">
      <h2 id="funnel">{say("funnel.title")}</h2>
      <Funnel label={say("funnel.title")} steps={steps} />
      <DataTable
        word={say("failures.table")}
        caption={say("funnel.title")}
        heads={[say("funnel.step"), say("funnel.payments")]}
        rows={steps.map(({ key, name, told }) => ({ key, cells: [name, told] }))}
      />
    </section>
  );
}
