/** What is worth an alert: from what was known and what is now, what to raise. Pure. */
import { type AlertKind, DOUBT_PATIENCE_MS } from "../../../shared/alert-words.ts";
import type { WatchedPayment, WatchView } from "../../../shared/insight-api.ts";

/** Something that wants a person; `key` is the same as long as it is the same matter. */
export type Matter =
  | {
      readonly kind: "doubt" | "review";
      readonly key: string;
      readonly payment: WatchedPayment;
    }
  | { readonly kind: "callbacks"; readonly key: string; readonly merchant: string };

/** Matters by key that were raised before; `seen` once a person said so. */
export type Known = Readonly<Record<string, "told" | "seen">>;

export interface Decision {
  /** Not known before: worth a sound. */
  readonly raise: readonly Matter[];
  /** Still so and not yet seen. */
  readonly open: readonly Matter[];
  /** What to remember. */
  readonly known: Known;
}

const CALLBACKS_KEY = "callbacks";
const callbacksKey = (merchant: string): string => `${CALLBACKS_KEY} ${merchant}`;
/** Many times what the server tells at once, so that what it tells is not forgotten meanwhile. */
const KNOWN_MAX = 300;

/** @param now the server's clock, as is `since` of each payment. */
export function decide(
  known: Known,
  watch: WatchView,
  now: number,
  wanted: readonly AlertKind[],
): Decision {
  const matters = mattersOf(watch, now).filter(({ kind }) => wanted.includes(kind));
  const raise = matters.filter(({ key }) => known[key] === undefined);
  const told = raise.map(({ key }) => [key, "told"] as const);
  const kept = Object.entries(known).filter(([key]) => !isOver(key, watch));
  return {
    raise,
    open: matters.filter(({ key }) => known[key] !== "seen"),
    known: Object.fromEntries([...kept, ...told].slice(-KNOWN_MAX)),
  };
}

/** The same, with all of these seen. */
export function seen(known: Known, matters: readonly Matter[]): Known {
  return { ...known, ...Object.fromEntries(matters.map(({ key }) => [key, "seen" as const])) };
}

/**
 * A payment is told of once for ever: it may leave the newest few and come back to them. Callbacks
 * may fail again after they were heard; while there is little to hear nothing is over.
 */
function isOver(key: string, { callbacks }: WatchView): boolean {
  if (!key.startsWith(CALLBACKS_KEY)) return false;
  const now = callbacks.find(({ merchant }) => key === callbacksKey(merchant));
  return now === undefined || now.state === "heard";
}

/** The gravest first. */
function mattersOf({ inDoubt, inReview, callbacks }: WatchView, now: number): readonly Matter[] {
  const old = inDoubt.filter(({ since }) => now - Date.parse(since) > DOUBT_PATIENCE_MS);
  const silent = callbacks.filter(({ state }) => state === "silent");
  return [
    ...silent.map(
      ({ merchant }) => ({ kind: "callbacks", key: callbacksKey(merchant), merchant }) as const,
    ),
    ...inReview.map(
      (payment) => ({ kind: "review", key: `review ${payment.id}`, payment }) as const,
    ),
    // A later try of the same payment may come to be in doubt on its own.
    ...old.map(
      (payment) =>
        ({ kind: "doubt", key: `doubt ${payment.id} ${payment.since}`, payment }) as const,
    ),
  ];
}

/** Sense made of what a browser kept. */
export function readKnown(value: unknown): Known {
  if (typeof value !== "object" || value === null) return {};
  const sound = Object.entries(value).filter(([, word]) => word === "told" || word === "seen");
  return Object.fromEntries(sound.slice(-KNOWN_MAX)) as Known;
}
