/**
 * Idempotency keys (contract §4): the same call said twice is one call. The claim is a row before
 * the call runs, so that two at once cannot both pass, and a crash leaves a trace to answer from.
 */
import type { Request } from "express";
import type { Instant, PaymentId } from "../core/payment.ts";
import type { Clock, IdempotencyClaim, IdempotencyStore, Merchant, Seal } from "../ports.ts";
import type { Problem } from "./problem.ts";
import { fieldProblem, problemBody } from "./problem.ts";
import { type Answer, refuse } from "./route.ts";

export interface IdempotencyDeps {
  readonly idempotency: IdempotencyStore;
  readonly seal: Seal;
  readonly clock: Clock;
  /** Claims older than this belong to a process that died in the middle. */
  readonly startedAt: Instant;
  /** Claims of this process that a full disk kept it from letting go: nobody is at work under them. */
  readonly stuck: Set<string>;
}

/** The key a call runs under. */
export interface KeyInUse {
  /** For the commit that opens a payment; undefined where the call has no key. */
  readonly claim: IdempotencyClaim | undefined;
  /** Notes a payment that was there already. */
  link(id: PaymentId): Promise<void>;
}

/** One call under a key. */
export interface IdempotentCall {
  readonly merchant: Merchant;
  /** Does the work, and notes under the key which payment it is about as soon as there is one. */
  readonly run: (under: KeyInUse) => Promise<Answer>;
  /**
   * Answers with the payment as it now is, after a crash in the middle of `run`; null where nothing
   * came of the call that began at `since`, so that it runs anew.
   */
  readonly resume: (id: PaymentId, since: Instant) => Promise<Answer | null>;
}

const KEY_MAX = 255;
/** Clocks of two processes that share a machine agree better than this. */
const CLOCKS_MS = 60_000;
/** Beyond this many, one waits for the next start. */
const STUCK_MAX = 10_000;
const NO_KEY: KeyInUse = { claim: undefined, link: async () => undefined };

const IN_PROGRESS: Problem = {
  status: 409,
  type: "conflict",
  code: "idempotency_in_progress",
  message: "The first call with this Idempotency-Key is still running; ask again in a moment.",
  retryAfterSeconds: 2,
};
const OTHER_BODY: Problem = {
  status: 409,
  type: "conflict",
  code: "idempotency_key_reused",
  message: "This Idempotency-Key was used with another request; use a new key for a new request.",
};

/** Runs a call once per key; without a key it just runs. */
export async function idempotent(
  deps: IdempotencyDeps,
  req: Request,
  requestId: string,
  call: IdempotentCall,
): Promise<Answer> {
  const key = req.headers["idempotency-key"];
  if (key === undefined) return call.run(NO_KEY);
  if (typeof key !== "string" || key.length === 0 || key.length > KEY_MAX) {
    return refuse(
      fieldProblem("Idempotency-Key", `Idempotency-Key must have 1 to ${KEY_MAX} characters`),
    );
  }
  const claim: IdempotencyClaim = {
    merchantId: call.merchant.id,
    environment: call.merchant.environment,
    key,
    bodyHash: deps.seal.hash(
      "requestBody",
      `${req.method} ${req.path}\n${JSON.stringify(req.body)}`,
    ),
    at: deps.clock.now(),
  };
  const state = await deps.idempotency.claim(claim);
  switch (state.kind) {
    case "fresh":
      return runClaimed(deps, claim, call, requestId);
    case "other_body":
      return refuse(OTHER_BODY);
    case "done":
      return replay(state.status, state.body);
    case "running":
      return taken(deps, claim, call, state, requestId);
  }
}

function replay(status: number, body: string): Answer {
  return { status, body: JSON.parse(body), headers: { "Idempotent-Replayed": "true" } };
}

/** A claim of this process is still at work; one of an earlier process died, and a stuck one ended. */
async function taken(
  deps: IdempotencyDeps,
  claim: IdempotencyClaim,
  call: IdempotentCall,
  state: { readonly since: Instant; readonly paymentId: PaymentId | null },
  requestId: string,
): Promise<Answer> {
  const former = { ...claim, at: state.since };
  if (isAtWork(deps, former)) return refuse(IN_PROGRESS);
  const { paymentId } = state;
  const answer = paymentId === null ? null : await call.resume(paymentId, state.since);
  if (answer !== null) return store(deps, former, answer, requestId);
  // Of several callers that find the dead claim, one takes its place.
  await deps.idempotency.release(former);
  deps.stuck.delete(nameOf(former));
  const again = await deps.idempotency.claim(claim);
  return again.kind === "fresh" ? runClaimed(deps, claim, call, requestId) : refuse(IN_PROGRESS);
}

/** One that is dated ahead was made under another clock, before ours was put right: it is dead. */
function isAtWork({ startedAt, stuck, clock }: IdempotencyDeps, claim: IdempotencyClaim): boolean {
  const isAhead = claim.at > clock.now() + CLOCKS_MS;
  return claim.at >= startedAt && !isAhead && !stuck.has(nameOf(claim));
}

const nameOf = ({ merchantId, environment, key, at }: IdempotencyClaim): string =>
  JSON.stringify([merchantId, environment, key, at]);

async function runClaimed(
  deps: IdempotencyDeps,
  claim: IdempotencyClaim,
  call: IdempotentCall,
  requestId: string,
): Promise<Answer> {
  const under: KeyInUse = { claim, link: (id) => deps.idempotency.link(claim, id) };
  try {
    return await store(deps, claim, await call.run(under), requestId);
  } catch (error) {
    await letGo(deps, claim);
    throw error;
  }
}

/** What cannot be let go, because the disk is full, is nobody's work any more all the same. */
async function letGo({ idempotency, stuck }: IdempotencyDeps, claim: IdempotencyClaim) {
  try {
    await idempotency.release(claim);
    stuck.delete(nameOf(claim));
  } catch {
    if (stuck.size < STUCK_MAX) stuck.add(nameOf(claim));
  }
}

/**
 * Keeps what was decided, refusals too. Answers of 500 and more, and those that say when to come
 * back, are let go: the same key may then try again.
 */
async function store(
  deps: IdempotencyDeps,
  claim: IdempotencyClaim,
  answer: Answer,
  requestId: string,
): Promise<Answer> {
  const final = asFinal(answer, requestId);
  if (final === null || final.status >= 500) {
    await letGo(deps, claim);
    return answer;
  }
  await deps.idempotency.finish(claim, final.status, JSON.stringify(final.body));
  return answer;
}

function asFinal(answer: Answer, requestId: string): { status: number; body: unknown } | null {
  if (!("problem" in answer)) return answer.headers?.["Retry-After"] === undefined ? answer : null;
  const { problem } = answer;
  if (problem.retryAfterSeconds !== undefined) return null;
  return { status: problem.status, body: problemBody(problem, requestId) };
}
