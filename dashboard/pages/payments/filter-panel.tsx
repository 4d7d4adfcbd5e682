import { useEffect, useRef, useState } from "preact/hooks";
import { nairobiTime } from "../../../shared/nairobi.ts";
import { FLAGS, REASONS } from "../../../shared/words.ts";
import { say } from "../../dictionary/words.ts";
import {
  faultsOf,
  type ListFilter,
  momentOf,
  NO_FILTER,
  withTidyFields,
} from "../../list-filter.ts";
import { Button } from "../../ui/button.tsx";
import { CheckGroup } from "../../ui/check-group.tsx";
import { Field } from "../../ui/field.tsx";
import { DAY_SPANS, daysOf } from "./day-spans.ts";
import { type Faults, faultWords, type PartProps } from "./filter-part.ts";
import { FilterWay } from "./filter-way.tsx";
import { STATUS_ORDER } from "./list-toolbar.tsx";

interface FilterPanelProps {
  readonly filter: ListFilter;
  readonly onShow: (filter: ListFilter) => void;
  readonly onClose: () => void;
}

/** Everything a list can be asked for; nothing is asked until it is shown. */
export function FilterPanel({ filter, onShow, onClose }: FilterPanelProps) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(filter);
  const [faults, setFaults] = useState<Faults>({});
  useEffect(() => setDraft(filter), [filter]);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
  const change = (over: Partial<ListFilter>) => setDraft({ ...draft, ...over });
  const show = () => {
    const wanted = withTidyFields(draft);
    const wrong = faultsOf(wanted);
    setFaults(wrong);
    if (Object.keys(wrong).length === 0) onShow(wanted);
  };
  const part = { draft, change, faults };
  return (
    <form
      ref={form}
      id="filters"
      class="filters"
      aria-label={say("filter.title")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        show();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      <CheckGroup
        label={say("list.status")}
        options={STATUS_ORDER.map((value) => ({ value, word: say(`status.${value}`) }))}
        chosen={draft.statuses}
        onChange={(statuses) => change({ statuses })}
      />
      <Days {...part} />
      <Texts {...part} />
      <FilterWay {...part} />
      <Folded {...part} />
      <p class="filters-actions">
        <Button look="main" type="submit">
          {say("filter.show")}
        </Button>
        <Button
          onClick={() => setDraft({ ...NO_FILTER, merchant: draft.merchant, search: draft.search })}
        >
          {say("filter.empty")}
        </Button>
      </p>
    </form>
  );
}

/** From a day to a day, in Nairobi, with the spans that are asked for most. */
function Days({ draft, change, faults }: PartProps) {
  const day = (text: string) => {
    const at = momentOf(text);
    return at === null ? "" : nairobiTime(at).slice(0, 10);
  };
  return (
    <fieldset class="filters-days">
      <legend>{say("filter.days")}</legend>
      <Field
        label={say("filter.from")}
        type="date"
        name="createdFrom"
        autocomplete="off"
        value={day(draft.createdFrom)}
        onInput={(createdFrom) => change({ createdFrom })}
        error={faultWords(faults.createdFrom)}
      />
      <Field
        label={say("filter.to")}
        type="date"
        name="createdTo"
        autocomplete="off"
        value={day(draft.createdTo)}
        onInput={(createdTo) => change({ createdTo })}
        error={faultWords(faults.createdTo)}
      />
      <p class="filters-spans">
        {DAY_SPANS.map((span) => (
          <Button key={span} look="quiet" onClick={() => change(daysOf(span, Date.now()))}>
            {say(`filter.${span}`)}
          </Button>
        ))}
      </p>
    </fieldset>
  );
}

const TEXTS = [
  { field: "amountFrom", keys: "numeric" },
  { field: "amountTo", keys: "numeric" },
  { field: "phoneTail", keys: "numeric" },
  { field: "receipt", keys: undefined },
  { field: "orderReference", keys: undefined },
] as const;

function Texts({ draft, change, faults }: PartProps) {
  return (
    <div class="filters-texts">
      {TEXTS.map(({ field, keys }) => (
        <Field
          key={field}
          label={say(`filter.${field}`)}
          type="text"
          name={field}
          autocomplete="off"
          keys={keys}
          value={draft[field]}
          onInput={(text) => change({ [field]: text })}
          error={faultWords(faults[field])}
        />
      ))}
    </div>
  );
}

/** Long lists that few ask for stay folded until they are. */
function Folded({ draft, change }: PartProps) {
  return (
    <>
      <details class="filters-more" open={draft.reasons.length > 0}>
        <summary>{say("filter.reasons")}</summary>
        <CheckGroup
          label={say("filter.reasons.label")}
          options={REASONS.map((value) => ({ value, word: say(`reason.${value}`) }))}
          chosen={draft.reasons}
          onChange={(reasons) => change({ reasons })}
        />
      </details>
      <details class="filters-more" open={draft.flags.length > 0}>
        <summary>{say("filter.flags")}</summary>
        <CheckGroup
          label={say("filter.flags.label")}
          options={FLAGS.map((value) => ({ value, word: say(`flag.${value}`) }))}
          chosen={draft.flags}
          onChange={(flags) => change({ flags })}
        />
      </details>
    </>
  );
}
