/**
 * Carries Daraja's callbacks to the server: loses, doubles, delays and garbles them, and brings
 * what others post to the same doors.
 */
import type { AttemptId } from "../core/payment.ts";
import { classifyResultCode } from "../core/result-codes.ts";
import { CALLBACK_PREFIX } from "../http/callback-routes.ts";
import { callbackBody, RUBBISH } from "./answers.ts";
import { short } from "./daraja.ts";
import { type Letter, type PostDoor, send } from "./letters.ts";
import type { Observer, Prompt } from "./mpesa.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

const DAY_MS = 86_400_000;

/** @param door asked at every delivery: processes come and go. */
export function createPostman(world: () => World, door: PostDoor): Observer {
  return {
    shown(prompt) {
      strangers(world(), door, prompt);
    },
    ended(prompt) {
      results(world(), door, prompt);
    },
  };
}

/** What Daraja itself posts when a prompt ends. */
function results(world: World, door: PostDoor, prompt: Prompt): void {
  const { plan } = world;
  const random = plan.random(`post/${prompt.checkoutRequestId}/${prompt.end.kind}`);
  const faults = world.calm ? null : plan.faults;
  const on = (probability: number | undefined) => random.chance(probability ?? 0);
  const [lost, doubled] = [on(faults?.callbackLost), on(faults?.callbackDoubled)];
  const [delayed, odd] = [on(faults?.callbackDelayed), on(faults?.callbackCodes)];
  const delayMs = () => (delayed ? longDelay(random) : random.between(50, 4_000));
  if (odd && random.chance(0.4)) {
    send(world, door, random.between(0, 20_000), letter(prompt, { code: "E3008" }));
  }
  if (on(faults?.tampered)) astray(world, door, prompt, random);
  if (lost) return;
  send(world, door, delayMs(), letter(prompt, { asText: odd && random.chance(0.5) }));
  for (let copy = 1; doubled && copy <= random.between(1, 4); copy += 1) {
    const merchantRequestId = random.chance(0.5) ? `again-${copy}` : prompt.merchantRequestId;
    const changed = odd && prompt.end.kind === "failed" ? { code: "1037" } : {};
    const afterMs = random.chance(0.3) ? 0 : delayMs();
    send(world, door, afterMs, letter(prompt, { merchantRequestId, ...changed }));
  }
}

/** A true success comes to another attempt's door, perhaps before it comes to its own. */
function astray(world: World, door: PostDoor, prompt: Prompt, random: Random): void {
  const { mpesa, testimony } = world;
  const others = mpesa.prompts.filter((one) => one.attemptId !== prompt.attemptId);
  if (prompt.end.kind !== "paid" || others.length === 0) return;
  const other = random.pick(others);
  const { receipt, amount } = prompt.end.debit;
  const body = success(prompt, receipt, amount);
  for (const one of [prompt, other]) testimony.of(one.attemptId).contradicted = true;
  const words = `success of ${short(prompt.attemptId)} at the door of ${short(other.attemptId)}`;
  const { path, attemptId: own } = other;
  const misfits = () => tellsApart(world, prompt, own);
  send(world, door, random.between(0, 3_000), { path, body, own, words, truth: "other", misfits });
}

/**
 * Can the server know that a success of `of` does not belong to `other`? Only where one of the two
 * ids is stored. Without both, the secret address alone speaks, and only Daraja knows it.
 */
function tellsApart({ watch }: World, of: Prompt, other: AttemptId): boolean {
  const attempts = watch.payments().flatMap((one) => one.attempts);
  const known = attempts.find(({ id }) => id === other)?.checkoutRequestId ?? null;
  return known !== null || attempts.some((one) => one.checkoutRequestId === of.checkoutRequestId);
}

/** Seconds to three days, each order of magnitude as often as the next. */
function longDelay(random: Random): number {
  return random.between(1, random.pick([20_000, 200_000, 3_600_000, 3 * DAY_MS]));
}

interface Wording {
  readonly code?: string;
  readonly asText?: boolean;
  readonly merchantRequestId?: string;
}

/** The callback of a prompt's end; with another code it stays a failure or a doubt. */
function letter(prompt: Prompt, wording: Wording): Letter {
  const { end } = prompt;
  const truth = end.kind === "failed" ? end.code : "0";
  const code = wording.code ?? truth;
  const paid = code === "0" && end.kind === "paid" ? end.debit : null;
  const meaning = classifyResultCode(code).kind;
  const number = /^\d+$/.test(code) && wording.asText !== true;
  const body = callbackBody({
    checkoutRequestId: prompt.checkoutRequestId,
    merchantRequestId: wording.merchantRequestId ?? prompt.merchantRequestId,
    code: number ? Number(code) : code,
    paid,
    phone: prompt.phone,
  });
  return {
    path: prompt.path,
    body,
    own: prompt.attemptId,
    words: `${meaning} ${code} for ${short(prompt.attemptId)}`,
    truth: meaning === "success" ? "success" : "other",
  };
}

/** What comes to the doors beside the results: rubbish, forgeries, success that does not fit. */
function strangers(world: World, door: PostDoor, prompt: Prompt): void {
  const { plan, tokens, testimony } = world;
  const random = plan.random(`strangers/${prompt.checkoutRequestId}`);
  const faults = world.calm ? null : plan.faults;
  const on = (probability: number | undefined) => random.chance(probability ?? 0);
  const [rubbish, forged, tampered] = [
    on(faults?.callbackUnreadable),
    on(faults?.forged),
    on(faults?.tampered),
  ];
  const when = () => random.between(0, random.pick([2_000, 60_000, 600_000]));
  const own = prompt.attemptId;
  const plain = { path: prompt.path, own, truth: "other" as const };
  if (rubbish)
    send(world, door, when(), { ...plain, body: random.pick(RUBBISH), words: "rubbish" });
  if (forged) {
    const body = success(prompt, "FORGEDAAAA", prompt.amount);
    const path = random.pick([
      `${CALLBACK_PREFIX}${own}/${"0".repeat(64)}`,
      `${CALLBACK_PREFIX}${own}`,
      "/api/mpesa/callback",
    ]);
    send(world, door, when(), { ...plain, path, body, own: null, words: "a forgery" });
    const unknown = own.replace(/^./, "f") as AttemptId;
    const orphan = `${CALLBACK_PREFIX}${tokens.callbackPath(unknown)}`;
    send(world, door, when(), { ...plain, path: orphan, body, own: unknown, words: "an orphan" });
  }
  const afterMs = when();
  if (!tampered) return;
  world.underWay += 1;
  world.time.at(world.time.now() + afterMs, () => {
    world.underWay -= 1;
    const misfit = misfitFor(world, prompt, random);
    if (misfit === null) return;
    for (const attemptId of misfit.touches) testimony.of(attemptId).contradicted = true;
    const { body, words, misfits } = misfit;
    send(world, door, 0, { ...plain, body, words, misfits });
  });
}

function success(prompt: Prompt, receipt: string, amount: number): string {
  return callbackBody({
    checkoutRequestId: prompt.checkoutRequestId,
    merchantRequestId: prompt.merchantRequestId,
    code: 0,
    paid: { receipt, amount, at: prompt.shownAt },
    phone: prompt.phone,
  });
}

interface Misfit {
  readonly body: string;
  readonly words: string;
  /** Attempts that a person may have to decide about because of it. */
  readonly touches: readonly AttemptId[];
  readonly misfits?: () => boolean;
}

/** Success on the own address that must not be believed. */
function misfitFor(world: World, prompt: Prompt, random: Random): Misfit | null {
  const { mpesa, watch } = world;
  const own = prompt.attemptId;
  const others = mpesa.debits.filter((debit) => debit.attemptId !== own);
  switch (random.weighted({ amount: 2, foreign: 3, reused: 2, malformed: 1, second: 1 })) {
    case "amount": {
      const amount = random.pick([0, 1, prompt.amount + 1, prompt.amount * 100]);
      if (amount === prompt.amount) return null;
      const body = success(prompt, mpesa.freshReceipt(), amount);
      return { body, words: `success of KES ${amount} for ${short(own)}`, touches: [own] };
    }
    case "foreign": {
      if (others.length === 0) return null;
      const debit = random.pick(others);
      const other = mpesa.prompts.find((one) => one.attemptId === debit.attemptId);
      if (other === undefined) return null;
      const body = success(other, debit.receipt, debit.amount);
      const words = `success of ${short(debit.attemptId)} at the door of ${short(own)}`;
      const misfits = () => tellsApart(world, other, own);
      return { body, words, touches: [own, debit.attemptId], misfits };
    }
    case "reused": {
      const stored = others.filter((debit) => watch.knowsReceipt(debit.receipt));
      if (stored.length === 0) return null;
      const { receipt } = random.pick(stored);
      return {
        body: success(prompt, receipt, prompt.amount),
        words: "a used receipt",
        touches: [own],
      };
    }
    case "malformed":
      return {
        body: success(prompt, "NO-RECEIPT", prompt.amount),
        words: `a malformed receipt for ${short(own)}`,
        touches: [own],
      };
    case "second": {
      if (prompt.end.kind !== "paid") return null;
      const body = success(prompt, mpesa.freshReceipt(), prompt.amount);
      return { body, words: `a second receipt for ${short(own)}`, touches: [own] };
    }
  }
}
