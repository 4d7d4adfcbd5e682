/** Spans of Nairobi days that are asked for most. */
import { nairobiTime } from "../../../shared/nairobi.ts";
import type { ListFilter } from "../../list-filter.ts";

export const DAY_SPANS = ["today", "yesterday", "week", "month"] as const;
type DaySpan = (typeof DAY_SPANS)[number];

const DAY_MS = 86_400_000;

/** The first and the last day of a span; what runs to now has no last day, so that it stays live. */
export function daysOf(span: DaySpan, now: number): Pick<ListFilter, "createdFrom" | "createdTo"> {
  const day = (daysAgo: number) => nairobiTime(now - daysAgo * DAY_MS).slice(0, 10);
  switch (span) {
    case "today":
      return { createdFrom: day(0), createdTo: "" };
    case "yesterday":
      return { createdFrom: day(1), createdTo: day(1) };
    case "week":
      return { createdFrom: day(6), createdTo: "" };
    case "month":
      return { createdFrom: `${day(0).slice(0, 8)}01`, createdTo: "" };
  }
}
