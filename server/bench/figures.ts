/** From measurements to figures. */
import { ENDPOINTS, type EndpointName } from "./endpoint.ts";
import type { Measurement } from "./rounds.ts";

export interface EndpointFigures {
  /** Median of the rounds. */
  readonly perSecond: number;
  /** Of all requests of all rounds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time the server spends on one request: hardly moved by busy neighbours. */
  readonly cpuMs: number;
  readonly requests: number;
}

/** A ratio of rates, taken within each round. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface LevelFigures {
  readonly connections: number;
  readonly endpoints: Readonly<Record<EndpointName, EndpointFigures>>;
  readonly ratios: Readonly<Record<RatioName, Ratio>>;
}

/** Which two rates a ratio compares. */
export const RATIOS = {
  oursToEmpty: ["ours", "empty"],
  textbookToEmpty: ["textbook", "empty"],
  oursToTextbook: ["ours", "textbook"],
} as const satisfies Record<string, readonly [EndpointName, EndpointName]>;
export type RatioName = keyof typeof RATIOS;

/** The value below which `share` of the values lie (nearest rank); NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return (
    (quantile(values, 0.5) -
      quantile(
        values.map((value) => -value),
        0.5,
      )) /
    2
  );
}

/** The figures of each level of connections, in the order they were measured. */
export function figuresOf(measurements: readonly Measurement[]): readonly LevelFigures[] {
  const levels = new Set(measurements.map(({ connections }) => connections));
  return [...levels].map((connections) => {
    const level = measurements.filter((each) => each.connections === connections);
    const of = (name: EndpointName) => level.filter(({ endpoint }) => endpoint === name);
    return {
      connections,
      endpoints: record(ENDPOINTS, (name) => endpointFigures(of(name))),
      ratios: record(Object.keys(RATIOS) as RatioName[], (name) => {
        const [above, below] = RATIOS[name];
        return ratio(of(above), of(below));
      }),
    };
  });
}

function endpointFigures(measurements: readonly Measurement[]): EndpointFigures {
  const latencies = measurements.flatMap(({ result }) => result.latenciesMs);
  return {
    perSecond: median(measurements.map(rate)),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuMs: measurements.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / latencies.length,
    requests: latencies.length,
  };
}

function ratio(above: readonly Measurement[], below: readonly Measurement[]): Ratio {
  const ratios = above.flatMap((measurement) => {
    const other = below.find(({ round }) => round === measurement.round);
    return other === undefined ? [] : [rate(measurement) / rate(other)];
  });
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

function rate({ result }: Measurement): number {
  return result.latenciesMs.length / result.seconds;
}

function record<Name extends string, T>(
  names: readonly Name[],
  value: (name: Name) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, T>;
}
