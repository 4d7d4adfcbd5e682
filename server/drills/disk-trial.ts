/**
 * Customers who prompt and pay while the disk is ill, and what must be true of them whatever was
 * written or not: shared by the drills that make it ill in different ways.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createSeal } from "../db/seal.ts";
import { failedBody, paidBody, receiptOf } from "./callback-body.ts";
import type { Answer } from "./caller.ts";
import { DRILL_SECRET } from "./canary-secrets.ts";
import { accepted, type Push, type Said } from "./counting-daraja.ts";
import type { Dice } from "./dice.ts";
import type { Tally } from "./drill.ts";

/** A look at the disk, a lock that is waited for, the worker's own pass. */
const RECOVERY_PATIENCE_MS = 5_000;
/** Kept callbacks are applied by a pass of the worker every 5 s. */
const APPLY_PATIENCE_MS = 30_000;
/** What a caller hears while the disk takes no writes. */
const NOT_STORED = 503;
const CALLBACK_ANSWERS = [200, NOT_STORED];

/** The server on the ill disk. */
export interface Patient {
  merchant(path: string, body?: unknown): Promise<Answer>;
  browser(call: { path: string }): Promise<Answer>;
  post(url: string, body: string): Promise<Answer>;
  phone(turn: number): string;
  look<T>(sql: string): readonly T[];
}

/** What became of one push. */
interface Known {
  readonly push: Push;
  readonly body: string;
  readonly end: "confirmed" | "failed";
  acknowledged: boolean;
}

export interface Trial {
  /** How Daraja takes a push: accepted, and a callback soon after. */
  takePush(push: Push): Said;
  /**
   * Lets so many customers order and pay at once; resolves when all were answered.
   * @returns how many answers said that nothing could be stored.
   */
  rush(patient: Patient, customers: number): Promise<number>;
  /** True when the server writes again by itself. */
  recovers(patient: Patient): Promise<boolean>;
  /** Sends again what was not taken; on a well disk it must be. */
  sendAgain(patient: Patient): Promise<void>;
  /** Everything acknowledged is kept; nothing is paid that was not. */
  check(patient: Patient): void;
  /** Every push comes to its true end. */
  settle(patient: Patient): Promise<void>;
}

const seal = createSeal(Buffer.from(DRILL_SECRET, "hex"));

/** @param prefix one letter; makes orders unique among trials. */
export function beginTrial(tally: Tally, dice: Dice, prefix: string): Trial {
  const known = new Map<string, Known>();
  const posts = new Set<Promise<void>>();
  let patientNow: Patient | null = null;
  let orders = 0;
  let notStored = 0;

  async function deliver(patient: Patient, one: Known): Promise<void> {
    const answer = await patient.post(one.push.callbackUrl, one.body);
    tally.count(`callback ${answer.status}`);
    if (answer.status === 200) one.acknowledged = true;
    if (answer.status === NOT_STORED) notStored += 1;
    if (!CALLBACK_ANSWERS.includes(answer.status)) {
      tally.fault(`a callback was answered ${answer.status}`);
    }
  }

  async function customer(patient: Patient): Promise<void> {
    orders += 1;
    const orderId = `${prefix}${orders.toString(36).toUpperCase().padStart(6, "0")}`;
    const body = { phoneNumber: patient.phone(orders), amount: 70, orderId };
    const answer = await patient.merchant("/api/mpesa/stk-push", body);
    tally.count(`stk-push ${answer.status}`);
    if (answer.status === NOT_STORED) notStored += 1;
  }

  function open({ look }: Patient): readonly string[] {
    const rows = look<{ id: string; state: string }>("select id, state from attempts");
    const states = new Map(rows.map(({ id, state }) => [id, state]));
    return [...known.values()]
      .filter(({ push, end }) => states.get(push.attemptId) !== end)
      .map(({ push, end }) => `${push.attemptId} must be ${end}, is ${states.get(push.attemptId)}`);
  }

  return {
    takePush(push) {
      if (known.has(push.attemptId)) tally.fault(`attempt ${push.attemptId} was pushed twice`);
      const end = dice.chance(0.7) ? "confirmed" : "failed";
      const body =
        end === "confirmed"
          ? paidBody(push, receiptOf(known.size + 1))
          : failedBody(push, 1032, "Request Cancelled by user.");
      const one: Known = { push, body, end, acknowledged: false };
      known.set(push.attemptId, one);
      const patient = patientNow;
      if (patient !== null) {
        const post = delay(dice.int(15)).then(() => deliver(patient, one));
        posts.add(post);
        void post.finally(() => posts.delete(post));
      }
      return dice.chance(0.1) ? { kind: "reset" } : accepted(push);
    },
    async rush(patient, customers) {
      patientNow = patient;
      const before = notStored;
      await Promise.all(Array.from({ length: customers }, () => customer(patient)));
      await Promise.all(posts);
      return notStored - before;
    },
    async recovers(patient) {
      const until = performance.now() + RECOVERY_PATIENCE_MS;
      while (performance.now() < until) {
        const ready = await patient.browser({ path: "/readyz" });
        if (ready.status === 200) return true;
        await delay(20);
      }
      return false;
    },
    async sendAgain(patient) {
      for (const one of known.values()) {
        if (one.acknowledged) continue;
        await deliver(patient, one);
        if (!one.acknowledged) tally.fault("a well disk did not take a callback");
      }
    },
    check({ look }) {
      const kept = new Set(
        look<{ key: string }>("select attempt_id || ' ' || digest as key from inbox").map(
          ({ key }) => key,
        ),
      );
      for (const { push, body, acknowledged } of known.values()) {
        const key = `${push.attemptId} ${seal.hash("callbackBody", body)}`;
        if (acknowledged && !kept.has(key)) tally.fault(`false 200: ${push.attemptId} is not kept`);
      }
      const attempts = look<{ id: string; state: string }>("select id, state from attempts");
      const rows = new Set(attempts.map(({ id }) => id));
      for (const { push } of known.values()) {
        if (!rows.has(push.attemptId)) tally.fault(`a push went out without its row (I8)`);
      }
      for (const { id, state } of attempts) {
        if (state === "confirmed" && known.get(id)?.end !== "confirmed") {
          tally.fault(`false paid: ${id}`);
        }
      }
      const [row] = look<{ integrity_check: string }>("pragma integrity_check");
      if (row?.integrity_check !== "ok") tally.fault(`integrity_check: ${row?.integrity_check}`);
    },
    async settle(patient) {
      const until = performance.now() + APPLY_PATIENCE_MS;
      while (open(patient).length > 0 && performance.now() < until) await delay(200);
      for (const text of open(patient)) tally.fault(text);
      tally.count("pushes", known.size);
    },
  };
}
