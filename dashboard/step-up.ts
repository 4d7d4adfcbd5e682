/**
 * The server wants to know once more that it is this person. Whatever call it refused for that
 * waits here for one question, and is repeated when the answer is right; pages need do nothing.
 */
import { signal } from "@preact/signals";
import type { FactorKind } from "../shared/passkey-rules.ts";

export type ProofKind = "password" | "code";
/** `left`: the person turned away, so the call stays refused. */
export type StepUpOutcome = "proved" | "left";

interface Question {
  readonly what: ProofKind;
  readonly factors: readonly FactorKind[];
  readonly settle: (outcome: StepUpOutcome) => void;
  readonly settled: Promise<StepUpOutcome>;
}

export const stepUpQuestion = signal<Question | null>(null);

/**
 * Asks the person, or joins the question that is open already.
 * @param what is typed
 * @param factors that the person has: a passkey may stand in for typing
 */
export function askStepUp(what: ProofKind, factors: readonly FactorKind[]): Promise<StepUpOutcome> {
  const open = stepUpQuestion.peek();
  if (open !== null) return open.settled;
  let settle: (outcome: StepUpOutcome) => void = () => {};
  const settled = new Promise<StepUpOutcome>((resolve) => {
    settle = (outcome) => {
      stepUpQuestion.value = null;
      resolve(outcome);
    };
  });
  stepUpQuestion.value = { what, factors, settle, settled };
  return settled;
}
