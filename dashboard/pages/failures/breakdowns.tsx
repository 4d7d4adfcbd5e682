import type { ComponentChildren } from "preact";
import type { CountsView, FailuresView } from "../../../shared/insight-api.ts";
import { AMOUNT_BANDS_KES, successShare, unpaidOf } from "../../../shared/insight-words.ts";
import { Bars } from "../../charts/bars.tsx";
import { DataTable } from "../../charts/data-table.tsx";
import { Legend } from "../../charts/legend.tsx";
import { say } from "../../dictionary/words.ts";
import { grouped, percent } from "../../format.ts";
import { pageWord } from "../marks.ts";
import { type Behind, unpaidOfBand, unpaidOfPage, unpaidOfSource } from "./behind.ts";

interface Row extends CountsView {
  readonly key: string;
  readonly word: string;
  readonly behind: Behind;
}

/** Whether the amount decides who pays. */
export function Bands({ view }: { readonly view: FailuresView }) {
  const rows = view.bands.flatMap((counts): Row[] => {
    const { band } = counts;
    const amountFrom = AMOUNT_BANDS_KES[band] ?? 0;
    const next = AMOUNT_BANDS_KES[band + 1];
    if (counts.opened === 0) return [];
    const behind = unpaidOfBand(view, counts);
    return [{ ...counts, key: String(band), word: bandWord(amountFrom, next), behind }];
  });
  return <SidePanel id="bands" title={say("bands.title")} head={say("bands.head")} rows={rows} />;
}

/** Whether it matters where the order came from. */
export function Sources({ view }: { readonly view: FailuresView }) {
  const rows = view.sources.map((counts): Row => {
    const { source } = counts;
    const behind = unpaidOfSource(view, counts);
    return { ...counts, key: source, word: say(`amountSource.${source}`), behind };
  });
  return (
    <SidePanel id="sources" title={say("sources.title")} head={say("sources.head")} rows={rows} />
  );
}

/** Whether it matters on which page of the shop's the customer was. */
export function Pages({ view }: { readonly view: FailuresView }) {
  if (view.pages.every(({ page }) => page === null)) return null;
  const rows = view.pages.flatMap((counts): Row[] => {
    const { page } = counts;
    if (successShare(counts) === null) return [];
    const word = page === null ? say("pages.unknown") : pageWord(page);
    return [{ ...counts, key: page ?? "", word, behind: unpaidOfPage(view, counts) }];
  });
  return <SidePanel id="pages" title={say("pages.title")} head={say("pages.head")} rows={rows} />;
}

function bandWord(from: number, next: number | undefined): string {
  if (next === undefined) return say("bands.last", { from: grouped(from) });
  return say("bands.span", { from: grouped(Math.max(1, from)), to: grouped(next - 1) });
}

interface SidePanelProps {
  readonly id: string;
  readonly title: string;
  readonly head: string;
  readonly rows: readonly Row[];
}

function SidePanel({ id, title, head, rows }: SidePanelProps) {
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Legend words={{ paid: say("failures.paid"), unpaid: say("failures.unpaid") }} />
      <Bars
        label={title}
        bars={rows.map((row) => ({
          key: row.key,
          name: row.word,
          value: linked(row, say("failures.value", countsOf(row))),
          counts: { paid: row.paid, unpaid: unpaidOf(row) },
        }))}
      />
      <DataTable
        word={say("failures.table")}
        caption={title}
        heads={[head, say("failures.paid"), say("failures.unpaid"), say("failures.share")]}
        rows={rows.map((row) => {
          const share = successShare(row);
          const shown = share === null ? say("home.nothing") : percent(share);
          return {
            key: row.key,
            cells: [row.word, grouped(row.paid), grouped(unpaidOf(row)), shown],
          };
        })}
      />
    </section>
  );
}

function countsOf(row: Row): { unpaid: string; over: string } {
  const unpaid = unpaidOf(row);
  return { unpaid: grouped(unpaid), over: grouped(row.paid + unpaid) };
}

function linked({ word, behind }: Row, words: string): ComponentChildren {
  if (behind.count === 0) return words;
  return (
    <a href={behind.path} aria-label={`${words}: ${word}`}>
      {words}
    </a>
  );
}
