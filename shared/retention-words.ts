/** For how long customers' numbers are kept once their payment is over; null keeps them. */
export const RETENTION_DAYS = [90, 365, 730, 2_557] as const;
export type RetentionDays = (typeof RETENTION_DAYS)[number];

/** Counting what a run would take stops here: more than this is all a person needs to know. */
export const RETENTION_COUNT_MAX = 20_000;
