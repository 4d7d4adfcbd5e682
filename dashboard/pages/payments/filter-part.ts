/** What the parts of the panel of filters share. */
import { say } from "../../dictionary/words.ts";
import type { FilterFault, FilterField, ListFilter } from "../../list-filter.ts";

export type Faults = Partial<Record<FilterField, FilterFault>>;

export interface PartProps {
  readonly draft: ListFilter;
  readonly change: (over: Partial<ListFilter>) => void;
  readonly faults: Faults;
}

/** What is wrong, beside its field. */
export function faultWords(fault: FilterFault | undefined): string | null {
  return fault === undefined ? null : say(`filter.wrong.${fault}`);
}
