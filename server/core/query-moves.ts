/**
 * Moves by which a look is told, and by which one that tells nothing ends a hold (machine rows 11 to
 * 13 and 24). Named in cells.ts, gathered with the others in moves.ts.
 */
import type { Flag } from "../../shared/words.ts";
import {
  confirmed,
  failed,
  looked,
  next,
  nothing,
  type Outcome,
  type Scene,
  withFlags,
  withoutFlags,
} from "./outcomes.ts";
import type { Attempt } from "./payment.ts";
import { holdEndsAt, LOOK_SPACING_MS, wantsSecondSource } from "./schedule.ts";

/** Silences in which Daraja answered, and not only a gateway before it or nobody (daraja.md §3). */
const WITHIN_REACH: readonly unknown[] = ["processing", "unknown_id", "nonsense"];

/** A look without a verdict; whether Daraja was within reach is what a hold goes by. */
export function noteLook(s: Scene): Outcome {
  const reached = WITHIN_REACH.includes(s.event.told.note.cause);
  const queryReachedAt = reached ? s.at : s.attempt.queryReachedAt;
  return { kind: "next", attempt: { ...looked(s), queryReachedAt } };
}

/** Success proven by the query names no receipt; what was held beside it may. */
export function confirmByQuery(scene: Scene, ...extra: Flag[]): Outcome {
  const { attempt } = scene;
  const wanted: Flag[] = attempt.receipt === null ? ["receiptWanted"] : [];
  const seen = looked(scene);
  return confirmed({ ...scene, attempt: seen }, withFlags(attempt, ...wanted, ...extra));
}

/** A query's failure older than this is no half of a pair any more. */
const FRESH_VERDICT_MS = 4 * LOOK_SPACING_MS;

/** The attempt after a look that said failure, and whether it is the second of two that agree. */
function failureNoted(scene: Scene): { readonly agreed: boolean; readonly attempt: Attempt } {
  const { attempt, event, at } = scene;
  const { code } = event.told;
  const seen = looked(scene);
  const first = attempt.queryFailureCode === code ? attempt.queryFailureAt : null;
  if (first !== null && at - first >= LOOK_SPACING_MS) return { agreed: true, attempt: seen };
  // A verdict is worth a second question soon; where the second disagrees with a fresh one, the
  // schedule decides, or codes that alternate would be asked about every 15 s for ever.
  const age = attempt.queryFailureAt === null ? null : at - attempt.queryFailureAt;
  const disagrees = age !== null && age < FRESH_VERDICT_MS && attempt.queryFailureCode !== code;
  const noted: Attempt = {
    ...seen,
    queryFailureCode: code,
    queryFailureAt: first ?? at,
    nextLookAt: disagrees ? seen.nextLookAt : at + LOOK_SPACING_MS,
  };
  return { agreed: false, attempt: noted };
}

/** Two agreeing answers end what waits (machine §2, fail rule). */
export function queryFailure(scene: Scene): Outcome {
  const { agreed, attempt } = failureNoted(scene);
  return agreed ? failed({ ...scene, attempt }, "query_only") : { kind: "next", attempt };
}

/** The query agrees with money that is confirmed: it is the second source, and the looks end. */
export function agree(scene: Scene): Outcome {
  const flags = withoutFlags(scene.attempt, "singleSource");
  return { kind: "next", attempt: looked({ ...scene, attempt: { ...scene.attempt, flags } }) };
}

/**
 * The query contradicts money that is confirmed. Where a single source confirmed it, the fail rule
 * holds as for what waits: the second agreeing failure brings it before a person and ends the looks.
 */
export function disagree(scene: Scene): Outcome {
  const flags = withFlags(scene.attempt, "evidenceConflict");
  if (!wantsSecondSource(scene.attempt)) return next(scene, { flags });
  const { agreed, attempt } = failureNoted(scene);
  return agreed
    ? next({ ...scene, attempt }, { flags, nextLookAt: null }, "M-PESA denies a single source")
    : { kind: "next", attempt };
}

/** Silence confirms what one source told, and a second one is looked for on. */
export function confirmSingleSource(s: Scene): Outcome {
  if (s.attempt.heldAt === null) return nothing("nothing is held");
  const endsAt = holdEndsAt(s.attempt);
  if (endsAt === null) return nothing("the query has said that it failed");
  if (s.at < endsAt) return nothing("the hold is not over");
  return confirmed(s, withFlags(s.attempt, "singleSource"));
}
