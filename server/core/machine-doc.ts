/** The machine's table as Markdown, generated from the data so that the documentation cannot lie. */
import { ATTEMPT_STATES } from "../../shared/words.ts";
import { CELLS, EVENT_NAMES, type EventName, MOVES } from "./cells.ts";

/** The table of MACHINE.md §4: 25 events × 8 states. */
export function machineTable(): string {
  const names = Object.keys(EVENT_NAMES) as EventName[];
  const head = `| event | ${ATTEMPT_STATES.join(" | ")} |`;
  const rule = `| --- |${" --- |".repeat(ATTEMPT_STATES.length)}`;
  const rows = names.map((name, index) => {
    const cells = ATTEMPT_STATES.map((state) => MOVES[CELLS[name][state]]);
    return `| ${index + 1} \`${name}\`: ${EVENT_NAMES[name]} | ${cells.join(" | ")} |`;
  });
  return [head, rule, ...rows].join("\n");
}
