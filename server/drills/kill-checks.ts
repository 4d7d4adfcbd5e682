/** What must be true of the database after each kill, and at the end. */
import { setTimeout as delay } from "node:timers/promises";
import type { Push } from "./counting-daraja.ts";
import type { Dice } from "./dice.ts";
import type { Tally } from "./drill.ts";
import type { DrillHouse } from "./house.ts";
import type { Ready } from "./server-process.ts";

/** Looks begin 20 s after acceptance and pass one a second (machine §9); failures need two. */
const SETTLE_PATIENCE_MS = 240_000;

/** What Daraja knows of one push, and what the server said to its callback. */
export interface Known {
  readonly push: Push;
  readonly order: string;
  readonly end: "paid" | "cancelled";
  readonly body: string;
  readonly receipt: string | null;
  /** Nobody sends it again when it found nobody. */
  readonly sentOnce: boolean;
  /** The server may know its end: a callback was posted, or the query told it. */
  told: boolean;
  /** Posts of the body that were answered 200. */
  acknowledged: boolean;
  /** What the inbox keeps of the body, once it is acknowledged. */
  digest: string | null;
}

/** A call of a shop, as it may be sent again. */
export interface Order {
  readonly body: {
    readonly phoneNumber: string;
    readonly amount: number;
    readonly orderId: string;
  };
  readonly idempotencyKey: string | null;
}

export interface KillScene {
  readonly house: DrillHouse;
  readonly tally: Tally;
  readonly dice: Dice;
  readonly hash: (body: string) => string;
  /** By CheckoutRequestID, for the query. */
  readonly known: Map<string, Known>;
  /** By attempt, for counting pushes. */
  readonly pushed: Map<string, number>;
  readonly posts: Set<Promise<void>>;
  /** Calls that the kill cut off: their shops do not know what became of them. */
  readonly cutOff: Order[];
  readonly starts: Ready[];
  /** Pushes and acknowledged callbacks so far. */
  events: number;
  orders: number;
  /** Those of them that were sent again after a kill. */
  ordersAgain: number;
  running: boolean;
}

/** Everything that was acknowledged is there, and the file is whole. */
export function checkDatabase({ house, tally, known }: KillScene): void {
  const [row] = house.look<{ integrity_check: string }>("pragma integrity_check");
  if (row?.integrity_check !== "ok") tally.fault(`integrity_check says ${row?.integrity_check}`);
  const kept = new Set(
    house
      .look<{ key: string }>("select attempt_id || ' ' || digest as key from inbox")
      .map(({ key }) => key),
  );
  for (const { acknowledged, push, digest } of known.values()) {
    if (acknowledged && !kept.has(`${push.attemptId} ${digest}`)) {
      tally.fault(`an acknowledged callback of ${push.attemptId} is lost`);
    }
  }
  const left = house.look<{ n: number }>(
    "select count(*) as n from attempts where state in ('created', 'sending')",
  );
  if (left[0]?.n !== 0) tally.fault(`${left[0]?.n} attempts are still being sent after a start`);
}

interface StoredAttempt {
  readonly id: string;
  readonly state: string;
  readonly known_id: number;
  readonly receipt: string | null;
}

/**
 * Whatever Daraja can be asked about must come to its true end; a push whose answer and callback
 * were both lost stays in doubt, since nobody can find out (machine §8.4).
 */
export async function settle(scene: KillScene): Promise<void> {
  const { house, tally } = scene;
  const startedAt = performance.now();
  let open: readonly string[] = ["?"];
  while (open.length > 0 && performance.now() - startedAt < SETTLE_PATIENCE_MS) {
    await delay(500);
    open = unsettled(scene, "patient");
  }
  tally.figure("settled after s", Math.round((performance.now() - startedAt) / 1_000));
  for (const text of unsettled(scene, "strict")) tally.fault(text);
  const [row] = house.look<{ integrity_check: string }>("pragma integrity_check");
  if (row?.integrity_check !== "ok") tally.fault("the database is damaged at the end");
}

function unsettled(
  { house, known, pushed, tally }: KillScene,
  mode: "patient" | "strict",
): readonly string[] {
  const rows = house.look<StoredAttempt>(
    "select id, state, receipt, checkout_request_hash is not null as known_id from attempts",
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const open: string[] = [];
  const states = new Map<string, number>();
  for (const { push, end, acknowledged } of known.values()) {
    const row = byId.get(push.attemptId);
    const wanted = end === "paid" ? "confirmed" : "failed";
    const nobodyCanTell = !acknowledged && row?.known_id === 0;
    const truth = nobodyCanTell ? "in_doubt" : wanted;
    states.set(truth, (states.get(truth) ?? 0) + 1);
    if (row?.state !== truth) open.push(`${push.attemptId} must be ${truth}, is ${row?.state}`);
  }
  if (mode === "strict") {
    for (const [state, count] of states) tally.figure(`ended ${state}`, count);
    for (const row of rows) {
      if (!pushed.has(row.id) && row.state !== "failed" && row.state !== "in_doubt") {
        open.push(`${row.id} was never pushed, but is ${row.state}`);
      }
    }
  }
  return open;
}
