import { say } from "../../dictionary/words.ts";
import { isFiltered, type ListFilter, NO_FILTER } from "../../list-filter.ts";
import { OUTSIDE } from "../../paths.ts";
import { session } from "../../session.ts";
import { Blank } from "../../ui/blank.tsx";
import { Button } from "../../ui/button.tsx";

interface ListBlankProps {
  readonly filter: ListFilter;
  readonly onClear: (filter: ListFilter) => void;
}

/** Nothing to list: because of the filter, or because nothing was sold yet. */
export function ListBlank({ filter, onClear }: ListBlankProps) {
  if (isFiltered(filter)) {
    return (
      <Blank icon="lens" title={say("list.none.title")} text={say("list.none.text")}>
        <Button onClick={() => onClear(NO_FILTER)}>{say("list.none.clear")}</Button>
      </Blank>
    );
  }
  const now = session.value;
  if (now.kind !== "in" || now.view.environment !== "simulator") {
    return <Blank icon="phone" title={say("list.empty.title")} text={say("list.empty.live")} />;
  }
  return (
    <Blank icon="phone" title={say("list.empty.title")} text={say("list.empty.demo")}>
      <a class="button button-main" href={OUTSIDE.demo} target="_blank" rel="noreferrer">
        {say("list.empty.openDemo")}
      </a>
      <a class="button button-plain" href={OUTSIDE.handset} target="_blank" rel="noreferrer">
        {say("list.empty.openHandset")}
      </a>
    </Blank>
  );
}
