/** Hands mails to the merchant's mail server. One connection a mail: there are few of them. */
import type { Mail, Mailer, MailOutcome } from "../ports.ts";
import { failureOf, saidWords, secretsOf } from "./said.ts";

/** Where mails are handed over. */
export interface SmtpDoor {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte · `starttls` or nothing · `asked`: encrypted when the server offers it. */
  readonly privacy: "tls" | "starttls" | "asked";
  readonly login: { readonly user: string; readonly password: string } | null;
  /** `alerts@shop.co.ke`, or `Duka <alerts@shop.co.ke>`. */
  readonly from: string;
}

const CONNECT_TIMEOUT_MS = 8_000;
/** Some servers make strangers wait for their greeting. */
const SILENCE_TIMEOUT_MS = 10_000;
/** The whole of a mail; a server that dribbles is as good as silent. */
const PATIENCE_MS = 25_000;

/** A mailer over SMTP; connects when there is something to send. */
export function smtpMailer(door: SmtpDoor): Mailer {
  const secrets = secretsOf(door.login);
  const attempt = async (act: (transport: Transport) => Promise<string>): Promise<MailOutcome> => {
    const transport = await transportTo(door);
    try {
      return { kind: "taken", said: saidWords(await act(transport), secrets) };
    } catch (error) {
      return failureOf(error, secrets);
    } finally {
      transport.close();
    }
  };
  return {
    send: (mail, signal) =>
      attempt(
        async (transport) => (await transport.sendMail(message(door, mail, signal))).response,
      ),
    check: () =>
      attempt(async (transport) => {
        await transport.verify();
        return "";
      }),
  };
}

type Transport = Awaited<ReturnType<typeof transportTo>>;

/** The library is read when it is needed: most starts have no mail to send. */
async function transportTo({ host, port, privacy, login }: SmtpDoor) {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    host,
    port,
    secure: privacy === "tls",
    requireTLS: privacy === "starttls",
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: SILENCE_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    tls: { minVersion: "TLSv1.2" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function message({ from }: SmtpDoor, { to, subject, text, id }: Mail, signal?: AbortSignal) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "localhost";
  return {
    from,
    // As an object: an address is not read as a list of them.
    to: { name: "", address: to },
    subject,
    text,
    messageId: `<${id}@${domain}>`,
    // Answering machines leave it alone.
    headers: { "Auto-Submitted": "auto-generated" },
    signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
  };
}
