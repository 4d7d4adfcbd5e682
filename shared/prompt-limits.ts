/**
 * The limits on prompts that a shop may set (machine §8). The bounds are Lipia's own: no setting
 * lets a phone be asked more often than `most`, and none shuts honest customers out.
 */
export interface PromptLimits {
  /** Prompts on one phone in ten minutes, an hour and a day. */
  readonly inTenMinutes: number;
  readonly inAnHour: number;
  readonly inADay: number;
  /** Prompts of one payment in an hour, whatever the phones. */
  readonly ofPayment: number;
  /** How long a phone rests after two, and after four, cancels or silences in a row. */
  readonly restAfterTwoMinutes: number;
  readonly restAfterFourMinutes: number;
}
export type PromptLimit = keyof PromptLimits;

export const DEFAULT_PROMPT_LIMITS: PromptLimits = {
  inTenMinutes: 3,
  inAnHour: 6,
  inADay: 12,
  ofPayment: 5,
  restAfterTwoMinutes: 10,
  restAfterFourMinutes: 60,
};

export interface Bound {
  readonly least: number;
  readonly most: number;
}

/**
 * Two prompts in ten minutes are a slip of the finger and its correction; five are as many as the
 * locks between prompts leave room for before it is a nuisance. A rest is longer when stricter, and
 * shorter than the day that is looked back on.
 */
export const PROMPT_LIMIT_BOUNDS: Readonly<Record<PromptLimit, Bound>> = {
  inTenMinutes: { least: 2, most: 5 },
  inAnHour: { least: 2, most: 10 },
  inADay: { least: 3, most: 20 },
  ofPayment: { least: 2, most: 8 },
  restAfterTwoMinutes: { least: 5, most: 120 },
  restAfterFourMinutes: { least: 30, most: 720 },
};

export const PROMPT_LIMIT_NAMES = Object.keys(PROMPT_LIMIT_BOUNDS) as readonly PromptLimit[];

/** A wider span with fewer prompts, or a longer row with a shorter rest, would leave one without effect. */
const ORDER: readonly (readonly [PromptLimit, PromptLimit])[] = [
  ["inTenMinutes", "inAnHour"],
  ["inAnHour", "inADay"],
  ["restAfterTwoMinutes", "restAfterFourMinutes"],
];

export type PromptLimitFault =
  | { readonly field: PromptLimit; readonly kind: "outside" }
  /** It must be at least as large as the other. */
  | { readonly field: PromptLimit; readonly kind: "below"; readonly other: PromptLimit };

/** The first thing that is wrong with these limits, or null. */
export function promptLimitFault(limits: PromptLimits): PromptLimitFault | null {
  const outside = PROMPT_LIMIT_NAMES.find((name) => {
    const { least, most } = PROMPT_LIMIT_BOUNDS[name];
    const value = limits[name];
    return !Number.isInteger(value) || value < least || value > most;
  });
  if (outside !== undefined) return { field: outside, kind: "outside" };
  const turned = ORDER.find(([less, more]) => limits[less] > limits[more]);
  return turned === undefined ? null : { field: turned[1], kind: "below", other: turned[0] };
}
