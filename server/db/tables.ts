/**
 * Every table and index, written once for both dialects. Uniqueness that must hold whatever the
 * code does (machine §10: I3, I4, I5) is an index there and a named guard in guards.ts.
 */
import { alertChoicesTable, alertMailsTable, alertMattersTable } from "./alert-tables.ts";
import { attemptsTable, evidenceTable } from "./attempt-tables.ts";
import { auditTable } from "./audit-tables.ts";
import { darajaCallsTable, idempotencyTable, inboxTable, pulseTable } from "./call-tables.ts";
import type { Dialect } from "./dialect.ts";
import { passkeysTable, recoveryCodesTable, secondFactorsTable } from "./factor-tables.ts";
import { bookmarksTable, leasesTable, sealingTable } from "./house-tables.ts";
import { notesTable } from "./note-tables.ts";
import { paymentsTable, timelineTable } from "./payment-tables.ts";
import {
  invitationsTable,
  keysTable,
  merchantsTable,
  sessionsTable,
  usersTable,
} from "./people-tables.ts";
import { proposalsTable } from "./proposal-tables.ts";
import { rollupTable } from "./rollup-tables.ts";
import { viewsTable } from "./view-tables.ts";

/** All tables in one dialect; the schema.*.ts files list the same names for drizzle-kit. */
export function tables(d: Dialect) {
  const payments = paymentsTable(d);
  const attempts = attemptsTable(d, payments);
  const merchants = merchantsTable(d);
  const users = usersTable(d);
  return {
    payments,
    attempts,
    timeline: timelineTable(d, payments),
    evidence: evidenceTable(d, attempts),
    notes: notesTable(d, payments),
    rollup: rollupTable(d),
    inbox: inboxTable(d),
    darajaCalls: darajaCallsTable(d),
    idempotency: idempotencyTable(d),
    pulse: pulseTable(d),
    leases: leasesTable(d),
    bookmarks: bookmarksTable(d),
    sealing: sealingTable(d),
    merchants,
    keys: keysTable(d, merchants),
    users,
    sessions: sessionsTable(d, users),
    invitations: invitationsTable(d, users),
    audit: auditTable(d),
    secondFactors: secondFactorsTable(d, users),
    recoveryCodes: recoveryCodesTable(d, users),
    passkeys: passkeysTable(d, users),
    views: viewsTable(d, users),
    proposals: proposalsTable(d, payments),
    alertChoices: alertChoicesTable(d, users),
    alertMatters: alertMattersTable(d, users),
    alertMails: alertMailsTable(d, users),
  };
}
export type Tables = ReturnType<typeof tables>;
