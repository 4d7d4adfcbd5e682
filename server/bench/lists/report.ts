/** The data run's facts as text for a person. */
import type { Ready } from "../../drills/server-process.ts";
import { median } from "../figures.ts";
import type { Breakdown } from "./breakdown.ts";
import type { Timed } from "./measure.ts";

export interface SizeReport {
  readonly size: number;
  readonly filledInS: number;
  readonly fileBytes: number;
  readonly questions: readonly Timed[];
  readonly textbook: readonly Timed[];
  readonly differingPages: number;
  readonly breakdown: Breakdown;
  readonly starts: readonly Ready[];
}

/** Ours and the textbook's way found the same payments and the same counts. */
export function sameAnswers({ differingPages, breakdown }: SizeReport): boolean {
  return differingPages === 0 && breakdown.differing.length === 0;
}

/** Each size as a table; beside it how the processor time grew from the first size. */
export function tableText(reports: readonly SizeReport[]): string {
  const [first] = reports;
  return reports.flatMap((report) => [...sizeLines(report, first), ""]).join("\n");
}

function sizeLines(report: SizeReport, first: SizeReport | undefined): readonly string[] {
  const { size, fileBytes, filledInS, questions, textbook, breakdown, starts } = report;
  const whole = (one: SizeReport) => [
    ...one.questions,
    ...one.textbook,
    one.breakdown.ours,
    one.breakdown.live,
  ];
  const before = new Map((first === undefined ? [] : whole(first)).map((one) => [one.name, one]));
  const grown = (one: Timed) => {
    const then = before.get(one.name);
    return first === report || then === undefined ? "" : `${(one.cpuMs / then.cpuMs).toFixed(2)} x`;
  };
  return [
    `${size.toLocaleString("en")} payments, ${(fileBytes / 1e6).toFixed(0)} MB, made in ${filledInS.toFixed(0)} s`,
    row("question", ["p50 ms", "p99 ms", "CPU ms", "rows"], "CPU grew"),
    ...[...questions, ...textbook].map((one) => timedLine(one, grown(one))),
    "breakdown of 30 days by reason",
    timedLine(breakdown.ours, grown(breakdown.ours)),
    timedLine(breakdown.live, grown(breakdown.live)),
    `  ${(breakdown.live.p50Ms / breakdown.ours.p50Ms).toFixed(0)} x faster from the counts`,
    ...(starts.length === 0 ? [] : [startLine(starts)]),
    sameAnswers(report)
      ? "  pages and counts equal the textbook's"
      : `  NOT EQUAL: ${report.differingPages} pages, reasons ${breakdown.differing.join(", ")}`,
  ];
}

function startLine(starts: readonly Ready[]): string {
  const wall = median(starts.map(({ readyMs }) => readyMs));
  const ran = starts.flatMap(({ processor }) => (processor === "not told" ? [] : processor.ranMs));
  const own = ran.length === 0 ? "" : `, of it computing ${median(ran).toFixed(0)}`;
  return `  ready after a kill: ${wall.toFixed(0)} ms (median of ${starts.length})${own}`;
}

function timedLine({ name, p50Ms, p99Ms, cpuMs, rows }: Timed, grown: string): string {
  const figures = [p50Ms.toFixed(2), p99Ms.toFixed(2), cpuMs.toFixed(2), rows.toFixed(0)];
  return row(name, figures, grown);
}

function row(name: string, figures: readonly string[], last: string): string {
  const cells = figures.map((text) => text.padStart(9)).join("");
  return `  ${name.padEnd(38)}${cells}${last.padStart(10)}`.trimEnd();
}
