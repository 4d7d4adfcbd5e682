/**
 * One exchange with Daraja on a connection of its own. Global fetch pools connections and cannot
 * tell whether bytes left; this can, because nothing is written before the connection stands:
 * *not sent* means that writing never began (machine §5).
 */
import type { ClientRequest } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** Daraja's answers have under 1 KB, the firewall's page a few; more than this is neither. */
const ANSWER_BYTES_MAX = 65_536;
/** Node tries the next address after 250 ms, too short for slow links (machine §5). */
const ADDRESS_ATTEMPT_MS = 2_000;

export interface Call {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** For the call whose answer is a list; the others keep to `ANSWER_BYTES_MAX`. */
  readonly answerBytesMax?: number;
  /** Patience until the connection stands, TLS included. */
  readonly connectTimeoutMs: number;
  /** Ends the whole exchange. */
  readonly deadline: AbortSignal;
}

export type Exchange =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: string;
      /** The sender's clock as its Date header tells it, epoch ms; null where it tells none. */
      readonly saidAt: number | null;
    }
  /** Nothing was written: DNS, refused, TLS, or the connection took too long. */
  | { readonly kind: "not_sent"; readonly description: string }
  /** The request may have arrived, and no whole answer came back. */
  | { readonly kind: "lost"; readonly description: string };

/** Sends one request, follows no redirect, never retries and never rejects. */
export function exchange(call: Call): Promise<Exchange> {
  const { answerBytesMax = ANSWER_BYTES_MAX } = call;
  return new Promise((resolve) => {
    if (call.deadline.aborted) {
      resolve({ kind: "not_sent", description: "no time was left to connect" });
      return;
    }
    let begun = false;
    let answered = false;
    let connectTimer: NodeJS.Timeout | undefined;
    const settle = (outcome: Exchange): void => {
      clearTimeout(connectTimer);
      call.deadline.removeEventListener("abort", onDeadline);
      resolve(outcome);
      request.destroy();
    };
    const fail = (description: string): void =>
      settle({ kind: begun ? "lost" : "not_sent", description });
    const onDeadline = (): void => fail(begun ? "no answer in time" : "could not connect in time");

    const request = prepare(call);
    call.deadline.addEventListener("abort", onDeadline);
    connectTimer = setTimeout(() => {
      if (!begun) fail("could not connect in time");
    }, call.connectTimeoutMs);
    request.on("error", (error) => fail(errorText(error)));
    // Once an answer has begun, only its own events say how it ends: the request may close first.
    request.on("close", () => {
      if (!answered) fail("the connection closed without an answer");
    });
    request.on("upgrade", () => fail("the answer was no HTTP answer"));
    request.on("socket", (socket) => {
      socket.once(call.url.protocol === "https:" ? "secureConnect" : "connect", () => {
        if (request.destroyed) return;
        begun = true;
        clearTimeout(connectTimer);
        request.end(call.body ?? undefined);
      });
    });
    request.on("response", (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytesMax) fail("the answer was too large");
        else chunks.push(chunk);
      });
      response.on("error", (error) => fail(errorText(error)));
      response.on("close", () => fail("the answer broke off"));
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        const { statusCode: status = 0, headers } = response;
        settle({ kind: "answer", status, body, saidAt: instantOf(headers.date) });
      });
    });
  });
}

/** A request on a fresh connection whose certificate is checked whatever the environment says. */
function prepare(call: Call): ClientRequest {
  const length = call.body === null ? {} : { "Content-Length": Buffer.byteLength(call.body) };
  const options = {
    method: call.method,
    headers: { ...call.headers, ...length },
    agent: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    rejectUnauthorized: true,
  } as const;
  return call.url.protocol === "https:"
    ? requestHttps(call.url, options)
    : requestHttp(call.url, options);
}

function instantOf(date: string | undefined): number | null {
  const at = Date.parse(date ?? "");
  return Number.isNaN(at) ? null : at;
}

/** The error's code where it has one: messages of TLS and DNS errors repeat addresses. */
function errorText(error: Error): string {
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : error.name;
}
