/**
 * The machine of an attempt as data: 25 events × 8 states (machine §4). Each cell names a move of
 * moves.ts; the table in MACHINE.md is generated from here, and every cell is a test.
 */
import type { AttemptState } from "../../shared/words.ts";

/** What each move does, in the words of the documentation. The keys are the moves of moves.ts. */
export const MOVES = {
  impossible: "!",
  ignore: "·",
  hint: "· hint",
  fence: "sending if §8.1 still holds for its siblings, else failed `superseded`",
  failNotSent: "failed not_sent",
  accept: "pending",
  acceptLate: "pending, or in_doubt-id past the deadline or after a callback in doubt",
  storeIds: "= store ids",
  storeIdsFlag: "= store ids; flag conflict where the failure said that nothing was sent",
  failRejected: "failed code; held: review",
  flagConflict: "flag conflict",
  keep: "=",
  doubtNoId: "in_doubt no-id",
  reviewAlarm: "review + alarm",
  review: "review",
  confirm: "confirmed",
  confirmLate: "confirmed + `late`",
  compareReceipt: "= (other receipt: `secondReceipt`)",
  attach: "= attach",
  flagEvidence: "flag",
  flagOrReview: "flag; money under a new receipt: review",
  failCode: "failed code; held: review",
  keepLaterCode: "= (newer code kept beside the first)",
  noteLook: "=",
  confirmByQuery: "confirmed + `receiptWanted`",
  confirmByQueryLate: "confirmed + `late`",
  agree: "= (takes `singleSource` away)",
  disagree: "flag conflict; `singleSource`: by the second agreeing, with alarm, and the looks end",
  queryFailure: "= / failed query_only; held: review",
  deadline: "in_doubt id",
  statement: "confirmed / review",
  statementLate: "confirmed late / review",
  statementAgree: "fill receipt (other receipt: `secondReceipt`) / flag",
  offer: "offer confirm to operator",
  failAbsent: "failed absent; held: review",
  flagAbsent: "flag `notInStatement`, alarm",
  harden: "= hardens",
  refuse: "refuse",
  operatorConfirm: "confirmed",
  operatorFill: "fill the receipt if wanted (other amount: flag), else ·",
  operatorFail: "failed operator, ≥ 180 s after the push; held: refuse",
  operatorFailReview: "failed operator only without success evidence, else refuse",
  reverse: "reversed, when it covers what was received",
  age: "= + `aged`, listed for a person",
  refuseInProgress: "409",
  askThenRule: "look if the last look and the push are ≥ 10 s old, then 409 or §8",
  refusePaid: "409 already paid",
  rule: "rule §8",
  refuseReview: "409 ask the shop",
  refuseReversed: "409 `payment_reversed`: open a new payment",
  doubtLookNow: "in_doubt id, look now",
  doubtAgain: "= store ids; look now if the id is news",
  hold: "in_doubt id, held, look now",
  holdAgain: "= held, look now (other receipt: `secondReceipt`)",
  compareUnsure: "= fill the receipt (other receipt: `secondReceipt`)",
  holdLate: "in_doubt held + `late`; beside a running attempt of the order: review",
  confirmSingleSource:
    "confirmed + `singleSource`, asked on, if held for 60 s, or for 30 min where the query was reached, and the query never said failure, else ·",
  lookNow: "= look now",
  hintLookNow: "· look now",
} as const;
export type MoveName = keyof typeof MOVES;

/** Moves of the prompt row: they are decided over the whole order, in prompting.ts. */
export type PromptMove =
  | "refuseInProgress"
  | "askThenRule"
  | "refusePaid"
  | "rule"
  | "refuseReview"
  | "refuseReversed";
/** Moves of a single attempt, in moves.ts, query-moves.ts and by-hand-moves.ts. */
export type AttemptMove = Exclude<MoveName, PromptMove>;

/** Names of the 25 events, in the order of machine §4. */
export const EVENT_NAMES = {
  fence: "send fence",
  not_sent: "surely not sent (DNS, refused, TLS, connect timeout, no token, own validation)",
  accepted: "push accepted (ids)",
  rejected: "push rejected, definite",
  unknown: "push outcome unknown",
  restart: "restart finds it (own lease, or older than 30 s)",
  callback_success: "E1 success, all equal",
  callback_mismatch: "E1 success with a mismatch (amount, ids, receipt malformed or owned)",
  callback_failure: "E1 failure code",
  stray: "E0",
  look_silent: "query: processing, error, nonsense, unknown code",
  look_success: "query success",
  look_failure: "query failure, 1st / 2nd agreeing ≥ 15 s apart",
  deadline: "deadline 120 s after accept",
  statement_row: "E3 row: equal / amount differs",
  statement_absent: "E3 complete window, nothing there (≥ 15 min after send)",
  operator_confirm: "operator confirms (receipt, second factor, reason)",
  operator_fail: "operator fails (second factor, reason)",
  reversal: "reversal proven",
  aged: "24 h in doubt",
  prompt: "new prompt asked for the payment",
  callback_in_doubt: "E1 with an in-doubt or unknown code (§7)",
  callback_unsure: "E1 success that needs a second source",
  hold_over: "hold over, query silent",
  callback_unreadable: "unreadable, or not a success and foreign ids, on the own URL",
} as const;
export type EventName = keyof typeof EVENT_NAMES;

type Row<Move extends MoveName> = Readonly<Record<AttemptState, Move>>;

/** Eight moves in the order of the states: created, sending, pending, in_doubt, confirmed, failed, review, reversed. */
function row<Move extends MoveName>(
  ...moves: [Move, Move, Move, Move, Move, Move, Move, Move]
): Row<Move> {
  const [created, sending, pending, in_doubt, confirmed, failed, review, reversed] = moves;
  return { created, sending, pending, in_doubt, confirmed, failed, review, reversed };
}

// biome-ignore format: a table reads as a table
export const CELLS: Readonly<
  Record<Exclude<EventName, "prompt">, Row<AttemptMove>> & Record<"prompt", Row<PromptMove>>
> = {
  fence: row("fence", "impossible", "impossible", "impossible", "impossible", "impossible", "impossible", "impossible"),
  not_sent: row("failNotSent", "failNotSent", "impossible", "ignore", "ignore", "keep", "ignore", "ignore"),
  accepted: row("impossible", "accept", "keep", "acceptLate", "storeIds", "storeIdsFlag", "storeIds", "storeIds"),
  rejected: row("impossible", "failRejected", "impossible", "failRejected", "flagConflict", "keep", "keep", "ignore"),
  unknown: row("impossible", "doubtNoId", "ignore", "keep", "ignore", "ignore", "ignore", "ignore"),
  restart: row("failNotSent", "doubtNoId", "keep", "keep", "keep", "keep", "keep", "keep"),
  callback_success: row("reviewAlarm", "confirm", "confirm", "confirm", "compareReceipt", "confirmLate", "attach", "flagOrReview"),
  callback_mismatch: row("reviewAlarm", "review", "review", "review", "flagEvidence", "review", "attach", "flagEvidence"),
  callback_failure: row("impossible", "failCode", "failCode", "failCode", "flagConflict", "keepLaterCode", "attach", "ignore"),
  stray: row("ignore", "ignore", "hint", "hint", "ignore", "hint", "ignore", "ignore"),
  look_silent: row("ignore", "ignore", "noteLook", "noteLook", "noteLook", "noteLook", "noteLook", "ignore"),
  look_success: row("impossible", "ignore", "confirmByQuery", "confirmByQuery", "agree", "confirmByQueryLate", "attach", "flagEvidence"),
  look_failure: row("impossible", "ignore", "queryFailure", "queryFailure", "disagree", "noteLook", "attach", "ignore"),
  deadline: row("ignore", "ignore", "deadline", "keep", "ignore", "ignore", "ignore", "ignore"),
  statement_row: row("reviewAlarm", "statement", "statement", "statement", "statementAgree", "statementLate", "offer", "flagOrReview"),
  statement_absent: row("ignore", "ignore", "keep", "failAbsent", "flagAbsent", "harden", "attach", "ignore"),
  operator_confirm: row("refuse", "refuse", "operatorConfirm", "operatorConfirm", "operatorFill", "operatorConfirm", "operatorConfirm", "refuse"),
  operator_fail: row("refuse", "refuse", "refuse", "operatorFail", "refuse", "ignore", "operatorFailReview", "refuse"),
  reversal: row("refuse", "refuse", "refuse", "refuse", "reverse", "refuse", "reverse", "ignore"),
  aged: row("ignore", "ignore", "ignore", "age", "ignore", "ignore", "ignore", "ignore"),
  prompt: row("refuseInProgress", "refuseInProgress", "askThenRule", "askThenRule", "refusePaid", "rule", "refuseReview", "refuseReversed"),
  callback_in_doubt: row("impossible", "doubtLookNow", "doubtLookNow", "doubtAgain", "ignore", "keep", "attach", "ignore"),
  callback_unsure: row("reviewAlarm", "hold", "hold", "holdAgain", "compareUnsure", "holdLate", "attach", "flagEvidence"),
  hold_over: row("impossible", "impossible", "impossible", "confirmSingleSource", "ignore", "ignore", "ignore", "ignore"),
  callback_unreadable: row("ignore", "ignore", "lookNow", "lookNow", "ignore", "hintLookNow", "attach", "ignore"),
};
