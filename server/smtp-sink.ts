/** A mail server on loopback that keeps what it takes, and refuses as a test wants. */
import { createServer, type Socket } from "node:net";

/** What the sink does at which step; by default it takes every mail. */
export type SinkMood =
  | { readonly kind: "takes" }
  | {
      readonly kind: "answers";
      readonly to: "AUTH" | "MAIL" | "RCPT" | "DATA";
      readonly with: string;
    }
  | { readonly kind: "silent" };

export interface TakenMail {
  readonly from: string;
  readonly to: string;
  /** The whole message as it was sent. */
  readonly raw: string;
  readonly subject: string;
  readonly messageId: string;
  /** The text of the message, decoded. */
  readonly text: string;
}

export interface SmtpSink extends AsyncDisposable {
  readonly port: number;
  readonly mails: readonly TakenMail[];
  /** Connections so far. */
  readonly calls: number;
  mood: SinkMood;
}

export async function smtpSink(): Promise<SmtpSink> {
  const mails: TakenMail[] = [];
  const sockets = new Set<Socket>();
  const state = { mood: { kind: "takes" } as SinkMood, calls: 0 };
  const server = createServer((socket) => {
    state.calls += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    if (state.mood.kind !== "silent") converse(socket, () => state.mood, mails);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    port,
    mails,
    get calls() {
      return state.calls;
    },
    get mood() {
      return state.mood;
    },
    set mood(mood) {
      state.mood = mood;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function converse(socket: Socket, mood: () => SinkMood, mails: TakenMail[]): void {
  let [left, from, to] = ["", "", ""];
  let body: string[] | null = null;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const refusal = (step: string): string | null => {
    const now = mood();
    return now.kind === "answers" && now.to === step ? now.with : null;
  };
  const command = (line: string) => {
    const step = line.slice(0, 4).toUpperCase();
    const refused = refusal(step);
    if (refused !== null) return say(refused);
    switch (step) {
      case "EHLO":
        return say("250-sink.test\r\n250 AUTH PLAIN");
      case "AUTH":
        return say("235 2.7.0 welcome");
      case "MAIL":
        from = addressIn(line);
        return say("250 2.1.0 ok");
      case "RCPT":
        to = addressIn(line);
        return say("250 2.1.5 ok");
      case "DATA":
        body = [];
        return say("354 go ahead");
      case "QUIT":
        say("221 bye");
        return socket.end();
      default:
        return say("502 5.5.1 not known here");
    }
  };
  const line = (text: string) => {
    if (body === null) return command(text);
    if (text !== ".") return body.push(text.replace(/^\./, ""));
    mails.push(mailOf(from, to, body.join("\n")));
    body = null;
    return say("250 2.0.0 taken as A1B2");
  };
  say("220 sink.test ESMTP");
  socket.on("data", (bytes) => {
    const lines = (left + bytes.toString("utf8")).split("\r\n");
    left = lines.pop() ?? "";
    for (const text of lines) line(text);
  });
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? "";
}

function mailOf(from: string, to: string, raw: string): TakenMail {
  const cut = raw.indexOf("\n\n");
  const head = raw.slice(0, cut).replace(/\n[ \t]+/g, " ");
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1] ?? "";
  const encoding = field("Content-Transfer-Encoding").toLowerCase();
  return {
    from,
    to,
    raw,
    subject: headerText(field("Subject")),
    messageId: field("Message-ID"),
    text: decoded(raw.slice(cut + 2), encoding),
  };
}

function headerText(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?UTF-8\?([QB])\?(.*?)\?=/gi, (_whole, kind: string, part: string) =>
      kind.toUpperCase() === "B"
        ? Buffer.from(part, "base64").toString("utf8")
        : quoted(part.replaceAll("_", " ")),
    );
}

function decoded(text: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(text, "base64").toString("utf8");
  return encoding === "quoted-printable" ? quoted(text.replace(/=\n/g, "")) : text;
}

function quoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
