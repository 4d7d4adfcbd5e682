/** From which amount two people decide: set by an owner, where there are two who may act. */
import { type Cents, shillingsFromCents } from "../../shared/money.ts";
import { may } from "../../shared/permissions.ts";
import type { MerchantId } from "../core/payment.ts";
import type { Actor, Clock, MerchantStore, PeopleStore } from "../ports.ts";

export interface RuleDeps {
  readonly merchants: Pick<MerchantStore, "byId" | "setTwoPerson">;
  readonly people: Pick<PeopleStore, "everybody">;
  readonly clock: Clock;
}

/** How many people may act on payments. */
export async function actingPeople({ people }: Pick<RuleDeps, "people">): Promise<number> {
  return (await people.everybody()).filter(({ role }) => may(role, "act_on_payments")).length;
}

/** Sets the amount, or null for one person being enough. */
export async function setTwoPersonRule(
  deps: RuleDeps,
  merchantId: MerchantId,
  { from, was }: { readonly from: Cents | null; readonly was: Cents | null },
  by: Actor,
): Promise<"set" | "stale" | "alone"> {
  // Alone, nobody could ever approve.
  if (from !== null && (await actingPeople(deps)) < 2) return "alone";
  const told = (cents: Cents | null) => (cents === null ? "off" : shillingsFromCents(cents));
  const set = await deps.merchants.setTwoPerson(merchantId, from, was, {
    at: deps.clock.now(),
    actor: by.id,
    action: "two_person_rule_set",
    target: merchantId,
    details: { amount: told(from), before: told(was) },
  });
  return set ? "set" : "stale";
}
