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
  /**
   * The claims that calls of this process are at work under. No other process has this database
   * open: a running claim that is not among them is dead, whatever the clock says.
   */
  readonly atWork: Set<IdempotencyClaim>;
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
  /** Answers with the payment as it now is, after a crash in the middle of `run`. */
  readonly resume: (id: PaymentId) => Promise<Answer>;
}

const KEY_MAX = 255;
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
  // Before it is in the store, so that nobody finds it there and takes it for a dead one.
  deps.atWork.add(claim);
  try {
    return await claimed(deps, claim, call, requestId);
  } finally {
    deps.atWork.delete(claim);
  }
}

async function claimed(
  deps: IdempotencyDeps,
  claim: IdempotencyClaim,
  call: IdempotentCall,
  requestId: string,
): Promise<Answer> {
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

/** One that nobody is at work under died with its process, or could not be let go on a full disk. */
async function taken(
  deps: IdempotencyDeps,
  claim: IdempotencyClaim,
  call: IdempotentCall,
  state: { readonly since: Instant; readonly paymentId: PaymentId | null },
  requestId: string,
): Promise<Answer> {
  if (isAtWork(deps, claim, state.since)) return refuse(IN_PROGRESS);
  if (state.paymentId !== null)
    return store(deps, claim, await call.resume(state.paymentId), requestId);
  // Of several callers that find the dead claim, one takes its place.
  await deps.idempotency.release({ ...claim, at: state.since });
  const again = await deps.idempotency.claim(claim);
  return again.kind === "fresh" ? runClaimed(deps, claim, call, requestId) : refuse(IN_PROGRESS);
}

/** Does another call of this process hold the claim of this key that was made at `since`? */
function isAtWork({ atWork }: IdempotencyDeps, own: IdempotencyClaim, since: Instant): boolean {
  return [...atWork].some(
    (other) =>
      other !== own &&
      other.at === since &&
      other.key === own.key &&
      other.merchantId === own.merchantId &&
      other.environment === own.environment,
  );
}

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

/** What stays, because the disk is full, is nobody's work any more: the next call takes its place. */
async function letGo(deps: IdempotencyDeps, claim: IdempotencyClaim): Promise<void> {
  await deps.idempotency.release(claim).catch(() => undefined);
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
