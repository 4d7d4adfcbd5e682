import type { ComponentChildren } from "preact";
import type { HomeView } from "../../../shared/insight-api.ts";
import { successShare, unpaidOf } from "../../../shared/insight-words.ts";
import type { PaymentStatus } from "../../../shared/words.ts";
import { say } from "../../dictionary/words.ts";
import { duration, grouped, kes, percent, weekday } from "../../format.ts";
import { listPath, NO_FILTER } from "../../list-filter.ts";
import { merchantNow } from "../../merchant-choice.ts";

/** The server stops counting above this. */
const COUNTED_MAX = 1_000;

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly tone?: "calm" | "doubt" | "odd";
  readonly children?: ComponentChildren;
}

/** The day in five numbers, each beside what it was a week ago or what it means. */
export function Figures({ view }: { readonly view: HomeView }) {
  const { today, lastWeek } = view;
  const day = weekday(view.now);
  const [share, then] = [successShare(today.counts), successShare(lastWeek.counts)];
  const over = today.counts.paid + unpaidOf(today.counts);
  return (
    <section aria-label={say("home.figures")}>
      <dl class="figures">
        <Figure name={say("home.taken")} value={kes(today.taken)}>
          {takenBeside(today.taken, lastWeek.taken, day)}
        </Figure>
        <Figure
          name={say("home.success")}
          value={share === null ? say("home.nothing") : percent(share)}
        >
          {share !== null &&
            say("home.success.count", { paid: grouped(today.counts.paid), over: grouped(over) })}
          {share !== null && then !== null && " · "}
          {then !== null && say("home.success.then", { share: percent(then), weekday: day })}
        </Figure>
        <Figure name={say("home.median")} value={seconds(today.medianSeconds)}>
          {lastWeek.medianSeconds === null
            ? say("home.median.help")
            : say("home.median.then", { duration: seconds(lastWeek.medianSeconds), weekday: day })}
        </Figure>
        <Waiting status="in_doubt" count={view.inDoubt} />
        <Waiting status="review" count={view.inReview} />
      </dl>
    </section>
  );
}

function Figure({ name, value, tone = "calm", children }: FigureProps) {
  return (
    <div class={`figure tone-${tone}`}>
      <dt>{name}</dt>
      <dd class="figure-value">{value}</dd>
      {children && <dd class="figure-note">{children}</dd>}
    </div>
  );
}

/** Payments that wait for an outcome, and the way to them. */
function Waiting({ status, count }: { status: "in_doubt" | "review"; count: number }) {
  const doubt = status === "in_doubt";
  const some = doubt ? "doubt" : "odd";
  return (
    <Figure
      name={say(doubt ? "home.inDoubt" : "home.inReview")}
      value={count > COUNTED_MAX ? say("home.many") : grouped(count)}
      tone={count === 0 ? "calm" : some}
    >
      {say(doubt ? "home.inDoubt.help" : "home.inReview.help")}
      {count > 0 && (
        <a
          class="figure-way"
          href={listOf(status)}
          aria-label={say(doubt ? "home.showInDoubt" : "home.showInReview")}
        >
          {say("home.show")}
        </a>
      )}
    </Figure>
  );
}

function listOf(status: PaymentStatus): string {
  return listPath({ ...NO_FILTER, merchant: merchantNow(), statuses: [status] });
}

function takenBeside(taken: number, before: number, day: string): string {
  if (before === 0) return say("home.taken.none", { weekday: day });
  const change = taken / before - 1;
  if (Math.abs(change) < 0.005) return say("home.taken.same", { weekday: day });
  const values = {
    percent: percent(Math.abs(change)),
    amount: kes(Math.round(before)),
    weekday: day,
  };
  return say(change > 0 ? "home.taken.more" : "home.taken.less", values);
}

function seconds(value: number | null): string {
  return value === null ? say("home.nothing") : duration(value * 1_000);
}
