import { useState } from "preact/hooks";
import { AMOUNT_SOURCES, NONE, STEPS } from "../../../shared/words.ts";
import { say } from "../../dictionary/words.ts";
import type { ListFilter } from "../../list-filter.ts";
import { CheckBox } from "../../ui/check-box.tsx";
import { CheckGroup } from "../../ui/check-group.tsx";
import { Field } from "../../ui/field.tsx";
import { faultWords, type PartProps } from "./filter-part.ts";

/** Where payments came from and how far they got: what the failures ask, and few besides. */
export function FilterWay(props: PartProps) {
  const { draft, change } = props;
  // It stays as it opened: a field that is emptied does not fold away under the hand.
  const [open] = useState(isAsked(draft));
  return (
    <details class="filters-more filters-way" open={open}>
      <summary>{say("filter.way")}</summary>
      <CheckGroup
        label={say("filter.steps")}
        options={STEPS.map((value) => ({ value, word: say(`step.${value}`) }))}
        chosen={draft.steps}
        onChange={(steps) => change({ steps })}
      />
      <CheckGroup
        label={say("filter.sources")}
        options={AMOUNT_SOURCES.map((value) => ({ value, word: say(`amountSource.${value}`) }))}
        chosen={draft.sources}
        onChange={(sources) => change({ sources })}
      />
      <div class="filters-texts">
        <Text {...props} field="page" keys={undefined} />
        <Text {...props} field="hour" keys="numeric" />
        <Text {...props} field="code" keys={undefined} />
      </div>
      <CheckBox
        label={say("filter.noPage")}
        value={draft.page === NONE ? "on" : "off"}
        onChange={(wish) => change({ page: wish === "on" ? NONE : "" })}
      />
    </details>
  );
}

interface TextProps extends PartProps {
  readonly field: "page" | "hour" | "code";
  readonly keys: "numeric" | undefined;
}

function Text({ draft, change, faults, field, keys }: TextProps) {
  return (
    <Field
      label={say(`filter.${field}`)}
      type="text"
      name={field}
      autocomplete="off"
      keys={keys}
      value={field === "page" && draft.page === NONE ? "" : draft[field]}
      onInput={(text) => change({ [field]: text })}
      error={faultWords(faults[field])}
    />
  );
}

function isAsked({ page, hour, code, steps, sources }: ListFilter): boolean {
  return `${page}${hour}${code}` !== "" || steps.length + sources.length > 0;
}
