/** The default merchant: the one that the environment variables describe (contract §2). */

import type { Config } from "./config.ts";
import type { Mpesa } from "./config-mpesa.ts";
import type { MerchantId } from "./core/payment.ts";
import type { PullDeps } from "./flows/pull-statement.ts";
import type { KnownMerchant, Merchant } from "./ports.ts";
import { DEMO_MERCHANT } from "./simulator/demo.ts";

/** The default merchant as the configuration knows it; the database may have renamed it since. */
export function defaultMerchant(config: Config): Merchant {
  const { mpesa } = config;
  const environment = mpesa.kind === "simulator" ? "simulator" : mpesa.environment;
  return {
    id: `mer_${environment}` as MerchantId,
    environment,
    name: config.merchantName ?? nameOf(mpesa),
    shortcode: mpesa.kind === "simulator" ? DEMO_MERCHANT.shortcode : mpesa.shortcode,
    allowedOrigins: [],
    pausedAt: null,
  };
}

function nameOf(mpesa: Mpesa): string {
  return mpesa.kind === "simulator" ? DEMO_MERCHANT.name : `Shop ${mpesa.partyB}`;
}

/** The till of the default merchant, where it is one: the environment says it, not the database. */
export function defaultTill(mpesa: Mpesa): string | null {
  const isTill = mpesa.kind === "daraja" && mpesa.transactionType === "CustomerBuyGoodsOnline";
  return isTill ? mpesa.partyB : null;
}

/**
 * What Pull may prove of a merchant. Whether it lists a till's money under its store number is not
 * known (FACTS.md §7), and an empty list would call paid prompts absent: a till whose owner turned
 * Pull on hears of what is there only.
 */
export function pullProves(
  mpesa: Mpesa,
  { origin, till }: Pick<KnownMerchant, "origin" | "till">,
): PullDeps["proves"] {
  const isTill = (origin === "default" ? defaultTill(mpesa) : till) !== null;
  return isTill ? "presence" : "presence_and_absence";
}
