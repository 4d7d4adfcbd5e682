import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { PAYMENT_STATUSES, type PaymentStatus } from "../../../shared/words.ts";
import { say } from "../../dictionary/words.ts";
import { type ListFilter, listPath } from "../../list-filter.ts";
import { shortcuts } from "../../preferences.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { Select } from "../../ui/select.tsx";

/** Typing pauses this long before the list is asked. */
const TYPING_PAUSE_MS = 250;

/** Statuses in the order of how often somebody looks for them. */
export const STATUS_ORDER: readonly PaymentStatus[] = [
  "confirmed",
  "pending",
  "in_doubt",
  "review",
  "failed",
  "cancelled",
  "expired",
  "open",
  "reversed",
];

/** How a change enters the browser's history: typing replaces, a choice can be gone back on. */
export type Step = "replace" | "push";

interface ToolbarProps {
  readonly filter: ListFilter;
  readonly onChange: (filter: ListFilter, step: Step) => void;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly panel: "open" | "closed";
  readonly onPanel: () => void;
  /** How many filters the panel holds. */
  readonly asked: number;
}

const SEVERAL = "several";

/** What is shown: a search, a status or all, and the way to every filter. All live in the address. */
export function ListToolbar(props: ToolbarProps) {
  const { filter, onChange, panel, asked } = props;
  const { statuses } = filter;
  const choices = [null, ...STATUS_ORDER];
  return (
    <div class="toolbar">
      <div class="toolbar-first">
        <Search {...props} />
        <Button
          expanded={panel === "open" ? "yes" : "no"}
          controls="filters"
          onClick={props.onPanel}
        >
          <Icon name="funnel" size={15} />
          {say("filter.title")}
          {asked > 0 && (
            <>
              {" "}
              <span class="count">{asked}</span> <span class="unseen">{say("filter.inUse")}</span>
            </>
          )}
        </Button>
      </div>
      <nav class="chips" aria-label={say("list.status")}>
        {choices.map((status) => (
          <a
            key={status ?? "all"}
            class="chip"
            href={listPath({ ...filter, statuses: status === null ? [] : [status] })}
            aria-current={isAsked(filter, status) ? "true" : undefined}
          >
            {statusWord(status)}
          </a>
        ))}
      </nav>
      <Select
        label={say("list.status")}
        value={statuses.length > 1 ? SEVERAL : (statuses[0] ?? "")}
        options={[
          ...choices.map((status) => ({ value: status ?? "", word: statusWord(status) })),
          ...(statuses.length > 1 ? [{ value: SEVERAL, word: say("list.several") }] : []),
        ]}
        onChange={(value) => {
          if (value === SEVERAL) return;
          const one = PAYMENT_STATUSES.filter((known) => known === value);
          onChange({ ...filter, statuses: one }, "push");
        }}
      />
    </div>
  );
}

function isAsked({ statuses }: ListFilter, status: PaymentStatus | null): boolean {
  return status === null ? statuses.length === 0 : statuses.length === 1 && statuses[0] === status;
}

function Search({
  filter,
  onChange,
  search,
}: Pick<ToolbarProps, "filter" | "onChange" | "search">) {
  const [draft, setDraft] = useState(filter.search);
  useEffect(() => setDraft(filter.search), [filter.search]);
  const wanted = draft.trim();
  useEffect(() => {
    if (wanted === filter.search) return;
    const timer = setTimeout(
      () => onChange({ ...filter, search: wanted }, "replace"),
      TYPING_PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [wanted]);
  return (
    <SearchBox
      label={say("list.search")}
      hint={say("list.search.hint")}
      clear={say("list.search.clear")}
      shortcut={shortcuts.value === "on" ? "/" : null}
      value={draft}
      onInput={setDraft}
      input={search}
    />
  );
}

function statusWord(status: PaymentStatus | null): string {
  return status === null ? say("list.all") : say(`status.${status}`);
}
