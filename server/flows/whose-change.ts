/** Whose a change is, for its row of the audit log. */
import type { AuditDetails, KnownMerchant } from "../ports.ts";

/** The name of a merchant that was added; of the default one it goes without saying. */
export function whoseChange({ origin, name }: KnownMerchant): AuditDetails {
  return origin === "further" ? { merchant: name } : {};
}
