/** What a mail server said, fit to be shown: no secret of ours, one line, not too long. */
import type { MailFault } from "../../shared/alert-words.ts";
import type { MailOutcome } from "../ports.ts";

/** Two lines of a terminal; what a server says first is what matters. */
const SAID_MAX = 240;
const USER_WORD_MAX = 8;

/** What nodemailer's errors carry; any other error has none of it. */
interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/** What must not be shown of a login: a long user may be half of a key, a short one is a word. */
export function secretsOf(login: { readonly user: string; readonly password: string } | null) {
  if (login === null) return [];
  const { user, password } = login;
  return [`\0${user}\0${password}`, password, ...(user.length < USER_WORD_MAX ? [] : [user])];
}

/** Takes out what must not be shown; a server may repeat what it was told, in base64 too. */
export function saidWords(text: string, secrets: readonly string[]): string {
  const hidden = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);
  const shown = hidden
    .filter((secret) => secret !== "")
    .reduce((left, secret) => left.replaceAll(secret, "[…]"), text);
  const line = shown.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > SAID_MAX ? `${line.slice(0, SAID_MAX)}…` : line;
}

/** A failed try in our words, with the server's own beside them. */
export function failureOf(error: unknown, secrets: readonly string[]): MailOutcome {
  const known: SmtpError = typeof error === "object" && error !== null ? error : {};
  // We hung up; that is nothing the server said.
  const ours = known.code === "EABORT";
  const message = ours ? "" : error instanceof Error ? error.message : String(error);
  return {
    kind: "failed",
    fault: faultOf(known),
    said: saidWords(known.response ?? message, secrets),
  };
}

const UNREACHABLE = ["ECONNECTION", "ETIMEDOUT", "ESOCKET", "EDNS", "EPROXY", "EABORT"];

function faultOf({ code = "", command = "", responseCode = 0 }: SmtpError): MailFault {
  if (code === "ETLS" || code === "EREQUIRETLS" || /CERT|SSL|TLS/.test(code)) return "tls";
  if (["EAUTH", "ENOAUTH"].includes(code)) return responseCode === 454 ? "later" : "login";
  if (responseCode >= 400 && responseCode < 500) return "later";
  if (code === "EENVELOPE" && command.startsWith("MAIL")) return "sender";
  if (code === "EENVELOPE" && command.startsWith("RCPT")) return "recipient";
  return responseCode === 0 && (UNREACHABLE.includes(code) || code.startsWith("E"))
    ? "unreachable"
    : "refused";
}
