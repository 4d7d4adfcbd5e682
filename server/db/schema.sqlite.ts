/** What drizzle-kit reads to generate SQLite migrations (tools/migrations.mjs). */
import { sqliteDialect } from "./dialect.ts";
import { tables } from "./tables.ts";

export const {
  payments,
  attempts,
  timeline,
  evidence,
  notes,
  rollup,
  inbox,
  darajaCalls,
  idempotency,
  pulse,
  leases,
  bookmarks,
  sealing,
  merchants,
  keys,
  users,
  sessions,
  invitations,
  audit,
  secondFactors,
  recoveryCodes,
  passkeys,
  views,
  proposals,
  alertChoices,
  alertMatters,
  alertMails,
} = tables(sqliteDialect);
