import { OTHER_PAGE } from "../../../shared/insight-words.ts";
import { nairobiDayStart } from "../../../shared/nairobi.ts";
import { NONE } from "../../../shared/words.ts";
import { say } from "../../dictionary/words.ts";
import { dayWord, kes, moment } from "../../format.ts";
import { type ListFilter, momentOf, NO_FILTER } from "../../list-filter.ts";
import { Icon } from "../../ui/icon.tsx";
import { pageWord } from "../marks.ts";

interface FilterChipsProps {
  readonly filter: ListFilter;
  readonly onChange: (filter: ListFilter) => void;
}

interface Chip {
  readonly key: string;
  readonly words: string;
  /** What to take away with it. */
  readonly empty: Partial<ListFilter>;
}

/** What the list is asked for, each part to be taken away by itself. */
export function FilterChips({ filter, onChange }: FilterChipsProps) {
  const chips = chipsOf(filter);
  if (chips.length === 0) return null;
  return (
    <ul class="asked" aria-label={say("filter.asked")}>
      {chips.map(({ key, words, empty }) => (
        <li key={key}>
          <button
            type="button"
            class="asked-part"
            aria-label={say("filter.remove", { filter: words })}
            onClick={() => onChange({ ...filter, ...empty })}
          >
            <span>{words}</span>
            <Icon name="cross" size={13} />
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          class="asked-all"
          onClick={() =>
            onChange({ ...NO_FILTER, merchant: filter.merchant, search: filter.search })
          }
        >
          {say("filter.removeAll")}
        </button>
      </li>
    </ul>
  );
}

/** One status alone is seen in the row of statuses already; the search in its box. */
function chipsOf(filter: ListFilter): readonly Chip[] {
  const { statuses, reasons, flags, phoneTail, receipt, orderReference } = filter;
  const chips: Chip[] = [];
  const add = (key: string, words: string, empty: Partial<ListFilter>) => {
    chips.push({ key, words, empty });
  };
  if (statuses.length > 1) {
    add("statuses", anyOf(statuses.map((each) => say(`status.${each}`))), { statuses: [] });
  }
  const days = daysWords(filter);
  if (days !== null) add("days", days, { createdFrom: "", createdTo: "" });
  const amounts = amountWords(filter);
  if (amounts !== null) add("amounts", amounts, { amountFrom: "", amountTo: "" });
  if (reasons.length > 0) {
    add("reasons", anyOf(reasons.map((each) => say(`reason.${each}`))), { reasons: [] });
  }
  if (flags.length > 0)
    add("flags", anyOf(flags.map((each) => say(`flag.${each}`))), { flags: [] });
  if (phoneTail !== "") add("phone", say("filter.chip.phone", { phoneTail }), { phoneTail: "" });
  if (receipt !== "") add("receipt", say("filter.chip.receipt", { receipt }), { receipt: "" });
  if (orderReference !== "") {
    add("order", say("filter.chip.order", { order: orderReference }), { orderReference: "" });
  }
  return [...chips, ...sideChips(filter)];
}

/** The sides from which failures are looked at. */
function sideChips({ page, sources, steps, hour, code }: ListFilter): readonly Chip[] {
  const chips: Chip[] = [];
  if (page !== "") chips.push({ key: "page", words: pageWords(page), empty: { page: "" } });
  if (sources.length > 0) {
    const source = anyOf(sources.map((each) => say(`amountSource.${each}`)));
    const words = say("filter.chip.source", { source });
    chips.push({ key: "sources", words, empty: { sources: [] } });
  }
  if (steps.length > 0) {
    chips.push({ key: "steps", words: stepsWords(steps), empty: { steps: [] } });
  }
  if (hour !== "") chips.push({ key: "hour", words: hourWords(hour), empty: { hour: "" } });
  if (code !== "") {
    const words = code === NONE ? say("filter.chip.noCode") : say("filter.chip.code", { code });
    chips.push({ key: "code", words, empty: { code: "" } });
  }
  return chips;
}

/** Not asked or asked: in either case somebody typed a phone. */
function stepsWords(steps: ListFilter["steps"]): string {
  if (steps.join() === "typed,prompted") return say("step.withPhone");
  return anyOf(steps.map((each) => say(`step.${each}`)));
}

function pageWords(page: string): string {
  if (page === NONE) return say("filter.chip.noPage");
  return page === OTHER_PAGE ? pageWord(page) : say("filter.chip.page", { page: pageWord(page) });
}

function hourWords(hour: string): string {
  const clock = (n: number) => say("time.hour", { n: String(n % 24).padStart(2, "0") });
  return say("filter.chip.hour", { from: clock(Number(hour)), to: clock(Number(hour) + 1) });
}

/** "A, B or C". */
function anyOf(words: readonly string[]): string {
  const [last = "", ...others] = [...words].reverse();
  if (others.length === 0) return last;
  return `${others.reverse().join(", ")} ${say("filter.or")} ${last}`;
}

function daysWords({ createdFrom: from, createdTo: to }: ListFilter): string | null {
  if (from === "" && to === "") return null;
  if (from === to) return dayOf(from);
  if (to === "") return say("filter.chip.since", { from: dayOf(from) });
  if (from === "") return say("filter.chip.until", { to: dayOf(to) });
  return say("filter.chip.between", { from: dayOf(from), to: dayOf(to) });
}

function dayOf(text: string): string {
  const now = Date.now();
  const at = momentOf(text) ?? now;
  return nairobiDayStart(text) === null ? moment(at, now) : dayWord(at, now);
}

function amountWords({ amountFrom: from, amountTo: to }: ListFilter): string | null {
  if (from === "" && to === "") return null;
  if (Number(from) === Number(to) && from !== "" && to !== "") return kes(Number(from));
  if (to === "") return say("filter.chip.atLeast", { amount: kes(Number(from)) });
  if (from === "") return say("filter.chip.atMost", { amount: kes(Number(to)) });
  return say("filter.chip.between", { from: kes(Number(from)), to: kes(Number(to)) });
}

/** How many parts the panel holds: said on its button. */
export function partsAsked(filter: ListFilter): number {
  return chipsOf(filter).length + (filter.statuses.length === 1 ? 1 : 0);
}
