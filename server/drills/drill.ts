/**
 * What a drill is: a promise of ours put under a staged fault, on real processes and real HTTP,
 * so many times, from a seed that is printed. A drill that did less than it was asked fails.
 */

export interface DrillOptions {
  /** How many times the fault is staged; what one time is, the drill says. */
  readonly amount: number;
  /** Same seed, same draws; what processes and disks do with them is theirs. */
  readonly seed: number;
  /** Progress, one line at a time. */
  readonly log: (line: string) => void;
}

export interface DrillReport {
  readonly name: string;
  readonly seed: number;
  readonly amount: number;
  readonly done: number;
  readonly seconds: number;
  /** Further facts for the reader, such as times and counts. */
  readonly figures: Readonly<Record<string, number | string>>;
  /** Every promise that was broken, in words; the first ones when there are many. */
  readonly faults: readonly string[];
  /** Parts that this machine cannot stage, each with its reason. */
  readonly notRun: readonly string[];
}

export type Drill = (options: DrillOptions) => Promise<DrillReport>;

/** More faults than these say nothing new. */
const FAULTS_MAX = 20;
const PROGRESS_EVERY_MS = 5_000;

/** A report in the making. */
export interface Tally {
  /** One more time is done, or several. */
  done(times?: number): void;
  /** A promise was broken. */
  fault(text: string): void;
  /** Adds to a named count. */
  count(name: string, by?: number): void;
  /** Notes a fact. */
  figure(name: string, value: number | string): void;
  notRun(what: string): void;
  report(): DrillReport;
}

/** Begins a report and says so. */
export function beginTally(name: string, { amount, seed, log }: DrillOptions): Tally {
  const startedAt = performance.now();
  const counts = new Map<string, number>();
  const facts = new Map<string, number | string>();
  const faults: string[] = [];
  const notRun: string[] = [];
  let done = 0;
  let faultCount = 0;
  let toldAt = startedAt;
  const seconds = () => (performance.now() - startedAt) / 1_000;
  log(`${name}: ${amount} wanted, seed ${seed}`);
  return {
    done(times = 1) {
      done += times;
      if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = performance.now();
      log(`${name}: ${done} of ${amount}, ${rateText(done, seconds())}`);
    },
    fault(text) {
      faultCount += 1;
      if (faults.length < FAULTS_MAX) faults.push(text);
      if (faultCount <= 3) log(`${name}: BROKEN ${text}`);
    },
    count(countName, by = 1) {
      counts.set(countName, (counts.get(countName) ?? 0) + by);
    },
    figure: (factName, value) => facts.set(factName, value),
    notRun: (what) => notRun.push(what),
    report() {
      const more = faultCount - faults.length;
      const short =
        done < amount ? [`only ${done} of ${amount} were done; a run that does less fails`] : [];
      return {
        name,
        seed,
        amount,
        done,
        seconds: seconds(),
        figures: { ...Object.fromEntries(facts), ...Object.fromEntries([...counts].sort()) },
        faults: [...faults, ...(more > 0 ? [`and ${more} more`] : []), ...short],
        notRun,
      };
    },
  };
}

function rateText(done: number, seconds: number): string {
  return `${(done / Math.max(seconds, 0.001)).toFixed(1)} a second`;
}

/** A report as a person reads it. */
export function reportText(report: DrillReport): string {
  const { name, seed, amount, done, seconds, figures, faults, notRun } = report;
  const held = faults.length === 0 ? "held" : "BROKEN";
  const facts = Object.entries(figures).map(([key, value]) => `${key} ${value}`);
  return [
    `${name}: ${held}; ${done} of ${amount} in ${seconds.toFixed(1)} s, ${rateText(done, seconds)}, seed ${seed}`,
    ...(facts.length === 0 ? [] : [`  ${facts.join(", ")}`]),
    ...notRun.map((what) => `  not run here: ${what}`),
    ...faults.map((fault) => `  broken: ${fault}`),
  ].join("\n");
}

/** The value below which a share of the numbers lies; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
