/** The two-person rule as its page shows it. */
import { signal } from "@preact/signals";
import type { TwoPersonView } from "../../../shared/two-people-api.ts";
import type { Failure } from "../../client.ts";
import { readTwoPerson } from "../../settings-client.ts";

type RuleReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: TwoPersonView };

export const rule = signal<RuleReading>({ kind: "loading" });

/** Reads it anew; what is shown stays until the answer is there. */
export async function openRule(): Promise<void> {
  const answer = await readTwoPerson();
  if (answer.ok) takeRule(answer.value);
  else if (rule.peek().kind !== "ready") {
    rule.value = { kind: "failed", failure: answer.failure };
  }
}

/** Takes what a change answered with. */
export function takeRule(view: TwoPersonView): void {
  rule.value = { kind: "ready", view };
}
