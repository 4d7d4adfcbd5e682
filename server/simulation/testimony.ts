/**
 * What the server was told of each attempt, truth or lie: the only things it may have acted upon.
 */
import type { AttemptId } from "../core/payment.ts";

interface Told {
  pushes: number;
  /** A push answer said that nothing was or will be asked of the customer. */
  refused: boolean;
  /** Readable failure codes posted to the own address. */
  failureCallbacks: number;
  /** Failures answered to a look, by code: the fail rule wants two of one code. */
  readonly failureLooks: Map<string, number>;
  /** True success was acknowledged on the own address, or answered to a look and committed. */
  successHeard: boolean;
  /** Something on the own address did not fit, so that a person may have to decide. */
  contradicted: boolean;
  /** The statement says that there is nothing. */
  absent: boolean;
}

export interface Testimony {
  of(attemptId: AttemptId): Told;
  /** Was it said in so many words that this attempt has failed? */
  failed(attemptId: AttemptId): boolean;
}

/** Two agreeing answers of the query make a failure (machine §2, fail rule). */
const AGREEING_LOOKS = 2;

export function createTestimony(): Testimony {
  const told = new Map<AttemptId, Told>();
  function of(attemptId: AttemptId): Told {
    const known = told.get(attemptId);
    if (known !== undefined) return known;
    const fresh: Told = {
      pushes: 0,
      refused: false,
      failureCallbacks: 0,
      failureLooks: new Map(),
      successHeard: false,
      contradicted: false,
      absent: false,
    };
    told.set(attemptId, fresh);
    return fresh;
  }
  return {
    of,
    failed(attemptId) {
      const { refused, failureCallbacks, failureLooks, absent } = of(attemptId);
      const agreed = [...failureLooks.values()].some((times) => times >= AGREEING_LOOKS);
      return refused || failureCallbacks > 0 || agreed || absent;
    },
  };
}
