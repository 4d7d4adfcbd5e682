/** The contract of alerts by e-mail: what one person wants told, and how the mails fare. */
import { z } from "zod";
import { MAIL_FAULTS, MAIL_KINDS } from "./alert-words.ts";
import { LOCALES } from "./words.ts";

const instant = z.iso.datetime();

/** How a mail server answered last, in a word and in its own words without secrets. */
export const mailTrouble = z.object({
  fault: z.enum(MAIL_FAULTS),
  /** What the mail server said, or the connection; empty when it said nothing. */
  said: z.string(),
});

export const mailAlertsView = z.object({
  /** Whether this Lipia has a mail server. */
  server: z.enum(["configured", "missing"]),
  /** Where the mails go: the address this person signs in with. */
  address: z.string(),
  kinds: z.array(z.enum(MAIL_KINDS)),
  /** Null while nothing was chosen yet. */
  locale: z.enum(LOCALES).nullable(),
  /** A mail that waits for its next try, or null. */
  waiting: mailTrouble.extend({ since: instant, nextTryAt: instant }).nullable(),
  /** The last mail, when it was given up and none got through since. */
  givenUp: mailTrouble.extend({ at: instant, alerts: z.int().min(1) }).nullable(),
});
export type MailAlertsView = z.infer<typeof mailAlertsView>;

export const mailAlertsRequest = z.strictObject({
  kinds: z.array(z.enum(MAIL_KINDS)).max(MAIL_KINDS.length),
  locale: z.enum(LOCALES),
});
export type MailAlertsRequest = z.infer<typeof mailAlertsRequest>;

export const mailTestRequest = z.strictObject({ locale: z.enum(LOCALES) });

/** What came of a test: taken means that the mail server took it, not that it was read. */
export const mailTestAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("taken"), said: z.string() }),
  mailTrouble.extend({ kind: z.literal("failed") }),
]);
export type MailTestAnswer = z.infer<typeof mailTestAnswer>;
