/**
 * What the audit log can say: each action a person or a command takes that matters afterwards. The
 * dashboard has a word for each (`audit.did.…`); rows already written keep theirs for ever, so an
 * action is never renamed or taken away.
 */
export const AUDIT_ACTIONS = [
  "set_up",
  "signed_in",
  "signed_out",
  "sign_in_failed",
  "user_added",
  "person_invited",
  "invitation_revoked",
  "person_joined",
  "role_changed",
  "person_removed",
  "sessions_ended",
  "password_changed",
  "password_reset",
  "key_created",
  "key_revoked",
  "webhook_secret_made",
  "origins_changed",
  "payment_prompted",
  "payment_confirmed",
  "payment_failed",
  "payment_reversed",
  "note_added",
  "evidence_taken",
  "secret_rotated",
  "backup_restored",
  "second_factor_on",
  "second_factor_off",
  "recovery_codes_renewed",
  "recovery_code_used",
  "brand_changed",
  "number_erased",
  "payments_exported",
  "numbers_wanted",
  "numbers_exported",
  "mpesa_asked",
  "view_saved",
  "view_deleted",
  "merchant_added",
  "credentials_changed",
  "merchant_paused",
  "merchant_resumed",
  "passkey_added",
  "passkey_renamed",
  "passkey_used",
  "passkey_removed",
  "passkey_refused",
  "two_person_rule_set",
  "decision_proposed",
  "proposal_declined",
  "proposal_withdrawn",
  "mail_alerts_changed",
  "limits_changed",
  "retention_changed",
  "numbers_aged_out",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who acts when no person does: Lipia by itself, or whoever has the server's terminal. */
export const AUDIT_POWERS = ["system", "command"] as const;
export type AuditPower = (typeof AUDIT_POWERS)[number];

/** What is wrong with the first row that does not verify. */
export const AUDIT_FAULTS = ["missing", "unlinked", "changed", "unsealed"] as const;
export type AuditFault = (typeof AUDIT_FAULTS)[number];
