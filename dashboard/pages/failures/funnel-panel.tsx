import type { ComponentChildren } from "preact";
import type { FailuresView } from "../../../shared/insight-api.ts";
import { DataTable } from "../../charts/data-table.tsx";
import { Funnel, type FunnelStep } from "../../charts/funnel.tsx";
import { say } from "../../dictionary/words.ts";
import { grouped, percent } from "../../format.ts";
import { type Behind, stepsBehind } from "./behind.ts";

const STEPS = ["opened", "typed", "prompted", "paid"] as const;

/** Opened, phone typed, prompted, paid, and where the others stayed. */
export function FunnelPanel({ view }: { readonly view: FailuresView }) {
  const { noPhone, notAsked, unpaid, notOver, ...reached } = stepsBehind(view, view.total);
  const opened = reached.opened.count;
  const lost = {
    opened: stayed("noPhone", noPhone),
    typed: stayed("notAsked", notAsked),
    prompted: [],
    paid: [...stayed("unpaid", unpaid), ...stayed("notOver", notOver)],
  };
  const steps = STEPS.map((key): FunnelStep => {
    const { count } = reached[key];
    const share = key === "opened" || opened === 0 ? null : percent(count / opened);
    return {
      key,
      name: say(`funnel.${key}`),
      count,
      told: linked(say(`funnel.${key}`), reached[key]),
      note: share === null ? "" : say("funnel.ofOpened", { share }),
      lost: lost[key],
    };
  });
  return (
    <section class="panel" aria-labelledby="funnel">
      <h2 id="funnel">{say("funnel.title")}</h2>
      <Funnel label={say("funnel.title")} steps={steps} />
      <DataTable
        word={say("failures.table")}
        caption={say("funnel.title")}
        heads={[say("funnel.step"), say("funnel.payments")]}
        rows={steps.map(({ key, name, count }) => ({ key, cells: [name, grouped(count)] }))}
      />
    </section>
  );
}

function linked(name: string, { count, path }: Behind): ComponentChildren {
  const n = grouped(count);
  if (count === 0) return n;
  return (
    <a href={path} aria-label={`${n}: ${name}`}>
      {n}
    </a>
  );
}

type Stayed = "noPhone" | "notAsked" | "unpaid" | "notOver";

function stayed(words: Stayed, { count, path }: Behind): readonly ComponentChildren[] {
  if (count === 0) return [];
  return [
    <a key={words} href={path}>
      {say(`funnel.${words}`, { n: grouped(count) })}
    </a>,
  ];
}
