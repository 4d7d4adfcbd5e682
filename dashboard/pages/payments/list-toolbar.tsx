import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { PAYMENT_STATUSES, type PaymentStatus } from "../../../shared/words.ts";
import { say } from "../../dictionary/words.ts";
import { type ListFilter, listPath } from "../../paths.ts";
import { shortcuts } from "../../preferences.ts";
import { SearchBox } from "../../ui/search-box.tsx";
import { Select } from "../../ui/select.tsx";

/** Typing pauses this long before the list is asked. */
const TYPING_PAUSE_MS = 250;

/** Statuses in the order of how often somebody looks for them. */
const CHIPS: readonly PaymentStatus[] = [
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

interface ToolbarProps {
  readonly filter: ListFilter;
  readonly onChange: (filter: ListFilter) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

/** What is shown: a search, and one status or all. Both live in the address. */
export function ListToolbar({ filter, onChange, search }: ToolbarProps) {
  return (
    <div class="toolbar">
      <Search filter={filter} onChange={onChange} search={search} />
      <nav class="chips" aria-label={say("list.status")}>
        {[null, ...CHIPS].map((status) => (
          <a
            key={status ?? "all"}
            class="chip"
            href={listPath({ ...filter, status })}
            aria-current={filter.status === status ? "true" : undefined}
          >
            {statusWord(status)}
          </a>
        ))}
      </nav>
      <Select
        label={say("list.status")}
        value={filter.status ?? ""}
        options={[null, ...CHIPS].map((status) => ({
          value: status ?? "",
          word: statusWord(status),
        }))}
        onChange={(value) => {
          const status = PAYMENT_STATUSES.find((known) => known === value) ?? null;
          onChange({ ...filter, status });
        }}
      />
    </div>
  );
}

function Search({ filter, onChange, search }: ToolbarProps) {
  const [draft, setDraft] = useState(filter.search);
  useEffect(() => setDraft(filter.search), [filter.search]);
  const wanted = draft.trim();
  useEffect(() => {
    if (wanted === filter.search) return;
    const timer = setTimeout(() => onChange({ ...filter, search: wanted }), TYPING_PAUSE_MS);
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
