/** The mail part of the configuration: a mail server and who mails come from, both or neither. */
import { isLoopbackHost, type Read } from "./config-mpesa.ts";
import type { SmtpDoor } from "./mail/smtp.ts";

const ADDRESS = /^(?:[^<>\r\n"]{1,100}<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/;
const PORTS = { "smtp:": 587, "smtps:": 465 } as const;

/** Null without a mail server; each fault adds a sentence to `faults`, none repeats the password. */
export function mailOf(read: Read, faults: string[]): SmtpDoor | null {
  const [address, from] = [read("SMTP_URL"), read("ALERT_FROM")];
  if (address === undefined && from === undefined) return null;
  if (address === undefined || from === undefined) {
    faults.push("SMTP_URL and ALERT_FROM go together; one is missing.");
    return null;
  }
  if (!ADDRESS.test(from)) {
    faults.push("ALERT_FROM must be an e-mail address, such as alerts@shop.co.ke.");
  }
  const server = serverOf(address);
  if (server === null) {
    faults.push(
      "SMTP_URL must be smtp://USER:PASSWORD@HOST:PORT or smtps://…, with special characters of user and password written as %XX.",
    );
    return null;
  }
  return { ...server, from };
}

function serverOf(text: string): Omit<SmtpDoor, "from"> | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const { protocol, hostname, port, username, password } = url;
  const plain = /^\/?$/.test(url.pathname) && url.search === "" && url.hash === "";
  if ((protocol !== "smtp:" && protocol !== "smtps:") || hostname === "" || !plain) return null;
  if ((username === "") !== (password === "")) return null;
  const login = username === "" ? null : loginOf(username, password);
  if (login === "unreadable") return null;
  const host = hostname.replace(/^\[|\]$/g, "");
  // A password travels encrypted, unless it never leaves this machine.
  const hides = login !== null && !isLoopbackHost(host);
  return {
    host,
    port: port === "" ? PORTS[protocol] : Number(port),
    privacy: protocol === "smtps:" ? "tls" : hides ? "starttls" : "asked",
    login,
  };
}

function loginOf(user: string, password: string): SmtpDoor["login"] | "unreadable" {
  try {
    return { user: decodeURIComponent(user), password: decodeURIComponent(password) };
  } catch {
    return "unreadable";
  }
}
