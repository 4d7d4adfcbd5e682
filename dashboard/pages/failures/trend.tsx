import type { ComponentChildren } from "preact";
import type { CountsView, FailuresView } from "../../../shared/insight-api.ts";
import { successShare, unpaidOf } from "../../../shared/insight-words.ts";
import { Columns } from "../../charts/columns.tsx";
import { DataTable } from "../../charts/data-table.tsx";
import { Legend } from "../../charts/legend.tsx";
import { say } from "../../dictionary/words.ts";
import { dayWord, grouped, percent } from "../../format.ts";
import { type Behind, unpaidOfDay, unpaidOfHour } from "./behind.ts";
import { noonOf } from "./span.ts";

interface Row extends CountsView {
  readonly key: string;
  /** Under the column. */
  readonly word: string;
  /** In the table. */
  readonly name: ComponentChildren;
}

export function ByDay({ view }: { readonly view: FailuresView }) {
  const now = Date.now();
  const rows = view.days.map((counts): Row => {
    const { day } = counts;
    const name = linked(dayWord(noonOf(day), now), unpaidOfDay(counts));
    return { ...counts, key: day, word: String(Number(day.slice(-2))), name };
  });
  return (
    <TrendPanel
      id="by-day"
      title={say("trend.days")}
      label={say("trend.days.label")}
      head={say("trend.day")}
      rows={rows}
    />
  );
}

export function ByHour({ view }: { readonly view: FailuresView }) {
  const rows = view.hours.map((counts): Row => {
    const word = String(counts.hour).padStart(2, "0");
    const name = linked(say("time.hour", { n: word }), unpaidOfHour(view, counts));
    return { ...counts, key: word, word, name };
  });
  return (
    <TrendPanel
      id="by-hour"
      title={say("trend.hours")}
      label={say("trend.hours.label")}
      head={say("trend.hour")}
      rows={rows}
    />
  );
}

function linked(words: string, { count, path }: Behind): ComponentChildren {
  return count === 0 ? words : <a href={path}>{words}</a>;
}

interface TrendPanelProps {
  readonly id: string;
  readonly title: string;
  readonly label: string;
  readonly head: string;
  readonly rows: readonly Row[];
}

function TrendPanel({ id, title, label, head, rows }: TrendPanelProps) {
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Legend words={{ paid: say("failures.paid"), unpaid: say("failures.unpaid") }} />
      <Columns
        label={label}
        told={grouped}
        columns={rows.map((row) => ({
          key: row.key,
          word: row.word,
          counts: { paid: row.paid, unpaid: unpaidOf(row) },
        }))}
      />
      <DataTable
        word={say("failures.table")}
        caption={label}
        heads={[head, say("failures.paid"), say("failures.unpaid"), say("failures.share")]}
        rows={rows.map((row) => {
          const share = successShare(row);
          const shown = share === null ? say("home.nothing") : percent(share);
          return {
            key: row.key,
            cells: [row.name, grouped(row.paid), grouped(unpaidOf(row)), shown],
          };
        })}
      />
    </section>
  );
}
