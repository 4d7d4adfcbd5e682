/** Alerts: what is worth one, for the browser's bar and for mails alike. */

/** What a person may be alerted of in a browser. */
export const ALERT_KINDS = ["doubt", "review", "callbacks"] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What a person may be mailed about: the same, and faults of the set-up at M-Pesa. */
export const MAIL_KINDS = [...ALERT_KINDS, "setup"] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** Most doubts are over by then, found out by asking. */
export const DOUBT_PATIENCE_MS = 5 * 60_000;

/**
 * Why a mail was not taken. `unreachable` nobody answers · `tls` no private connection · `login` the
 * user or password is refused · `sender`, `recipient` that address is refused · `later` the server
 * wants to be asked again · `refused` anything else.
 */
export const MAIL_FAULTS = [
  "unreachable",
  "tls",
  "login",
  "sender",
  "recipient",
  "later",
  "refused",
] as const;
export type MailFault = (typeof MAIL_FAULTS)[number];
