/** A merchant's row as an object of ours. */
import { getTableColumns } from "drizzle-orm";
import type { KnownMerchant, Merchant } from "../ports.ts";
import type { Tables } from "./tables.ts";

type Row = Tables["merchants"]["$inferSelect"];

/** Without the logo's bytes and anything sealed: a merchant is read for every page of its customers. */
export type MerchantRow = Omit<Row, "logoBase64" | "credentialsSealed" | "webhookSecretSealed">;

export function merchantColumns({ merchants }: Tables) {
  const {
    logoBase64: _bytes,
    credentialsSealed: _credentials,
    webhookSecretSealed: _secret,
    ...columns
  } = getTableColumns(merchants);
  return columns;
}

export function merchantOf(row: MerchantRow): Merchant {
  const { id, environment, name, shortcode, allowedOrigins, pausedAt } = row;
  return { id, environment, name, shortcode, allowedOrigins, pausedAt };
}

export function knownMerchant(row: MerchantRow): KnownMerchant {
  const { brandVersion: version, accent, logoHash: logo, till, twoPersonFrom } = row;
  return {
    ...merchantOf(row),
    origin: row.isDefault === 1 ? "default" : "further",
    till: till === "" ? null : till,
    pull: row.pulls === 1 ? "asked" : "off",
    brand: { version, accent, logo },
    twoPersonFrom,
  };
}
