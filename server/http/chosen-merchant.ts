/** Which merchant a call is about: the one that `?merchant=` names, or the default one. */
import type { Request } from "express";
import type { MerchantId } from "../core/payment.ts";
import type { KnownMerchant, Merchant, MerchantStore, Scope } from "../ports.ts";
import type { Problem } from "./problem.ts";

export interface ChoiceDeps {
  readonly merchants: Pick<MerchantStore, "byId" | "ofEnvironment">;
  /** The default merchant. */
  readonly merchant: Pick<Merchant, "id" | "environment">;
}

/** Another environment's merchants answer exactly like absent ones. */
export const NO_SUCH_MERCHANT: Problem = {
  status: 404,
  type: "not_found",
  code: "merchant_not_found",
  message: "there is no merchant with this id",
};

/** The merchant of this installation and environment with an id, or null. */
export async function ownMerchant(
  { merchants, merchant }: ChoiceDeps,
  id: string,
): Promise<KnownMerchant | null> {
  const found = await merchants.byId(id as MerchantId);
  return found?.environment === merchant.environment ? found : null;
}

/** The one merchant whose settings a call reads or changes. */
export async function chosenMerchant(
  deps: ChoiceDeps,
  req: Request,
): Promise<KnownMerchant | { readonly problem: Problem }> {
  const { merchant: wish } = req.query;
  const id = wish === undefined ? deps.merchant.id : wish;
  const found = typeof id === "string" ? await ownMerchant(deps, id) : null;
  return found ?? { problem: NO_SUCH_MERCHANT };
}

/** Whose payments a call asks about: one merchant's, or without a wish everybody's here. */
export async function chosenScopes(
  deps: ChoiceDeps,
  wish: string | undefined,
): Promise<readonly Scope[] | { readonly problem: Problem }> {
  const { environment } = deps.merchant;
  if (wish !== undefined) {
    const found = await ownMerchant(deps, wish);
    return found === null ? { problem: NO_SUCH_MERCHANT } : [{ merchantId: found.id, environment }];
  }
  const all = await deps.merchants.ofEnvironment(environment);
  return all.map(({ id }) => ({ merchantId: id, environment }));
}
